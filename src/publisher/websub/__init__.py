"""Tells hubs at once when a feed has changed (W3C Recommendation WebSub, 23 January 2018).

A subscriber finds a feed's hub in the feed itself and in its `Link` header, and
subscribes there. The hub is told when the feed has changed, fetches it once,
and passes it on to everybody.

- `topics`: which files a subscriber can follow, and what their header says;
- `notes`: what a release has changed is to be told;
- `policy`: what becomes of a ping when a hub has answered, or has not;
- `asking`: one question to one hub, bounded in time;
- `rounds`: all hubs are told of all that is due, and what they said is kept;
- `standing`: how it all stands, for people.
"""
