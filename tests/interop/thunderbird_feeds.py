"""Thunderbird as a feed reader: follow a feed in its *Feeds* account, fetch it again, say what its user has.

It keeps each entry as a message, by the entry's id, and asks with If-Modified-Since alone.
"""

from dataclasses import dataclass

from .thunderbird import Thunderbird

_FEEDS = """
    const { FeedUtils } = ChromeUtils.importESModule("resource:///modules/FeedUtils.sys.mjs");
    const { Feed } = ChromeUtils.importESModule("resource:///modules/Feed.sys.mjs");
    const root = () => FeedUtils.getAllRssServerRootFolders()[0]
        || FeedUtils.createRssAccount("Feeds").incomingServer.rootFolder;
    const folderOf = url =>
        root().subFolders.find(folder => (FeedUtils.getFeedUrlsInFolder(folder) || []).includes(url));
    const fetched = feed => new Promise(resolve => feed.download(true, {
        downloaded(_, code) { resolve(code); }, onFeedItemStored() {}, onProgress() {},
    }));
"""

_FOLLOW = """
    const feed = new Feed(args[0], root());
    feed.quickMode = false;
    feed.options = FeedUtils.getOptionsAcct(feed.server);
    const code = await fetched(feed);
    if (code == FeedUtils.kNewsBlogSuccess) { FeedUtils.addFeed(feed); }
    return code;
"""

_FETCH = "return await fetched(new Feed(args[0], folderOf(args[0])));"

_MESSAGES = """
    return Array.from(folderOf(args[0]).messages, message => ({
        id: message.messageId.replace(/@localhost\\.localdomain$/, ""),
        title: message.mime2DecodedSubject,
        published: Math.floor(message.date / 1000000),
        unread: !message.isRead,
    }));
"""

_READ = "folderOf(args[0]).markAllMessagesRead(null);"


@dataclass(frozen=True, kw_only=True, order=True)
class FeedMessage:
    """One entry as Thunderbird keeps it."""

    id: str
    title: str
    #: Seconds since 1970.
    published: int
    #: Whether its user is still to see it.
    unread: bool


@dataclass(frozen=True)
class ThunderbirdFeeds:
    """The Feeds account of a running Thunderbird."""

    thunderbird: Thunderbird

    def follow(self, url: str) -> None:
        """Subscribe to a feed, and fetch it."""
        code = self.thunderbird.do(_FEEDS + _FOLLOW, url)
        assert code == 0, f"Thunderbird does not follow {url}: {code}"

    def fetch(self, url: str) -> bool:
        """Fetch a feed again; say whether it came: else the server said that nothing is new."""
        code = self.thunderbird.do(_FEEDS + _FETCH, url)
        assert code in {0, 4}, f"Thunderbird cannot fetch {url}: {code}"
        return bool(code == 0)

    def messages(self, url: str) -> list[FeedMessage]:
        """List what it keeps of a feed."""
        return sorted(FeedMessage(**told) for told in self.thunderbird.do(_FEEDS + _MESSAGES, url))

    def read_all(self, url: str) -> None:
        """Take note, as its user does: all that is there has been seen."""
        self.thunderbird.do(_FEEDS + _READ, url)
