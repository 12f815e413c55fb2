"""What readers do about mail: sign up, confirm, choose, pause, leave, refuse, be forgotten.

- `signup` and `consent` hold the verbs; each is one transaction.
- `choices` says what there is to choose, and reads what was chosen.
- `steps`, `doors` and `preferences` turn requests into verbs, and what came of them into pages.
- `desk` is where the server hands requests in.
"""
