"""Everything that knows Slack.

`escape` and `blocks` (pure) make messages and views; `sender`, `replies`, `channels` and `people` speak to the Web API.
Imports models, errors and slack_sdk alone.
"""
