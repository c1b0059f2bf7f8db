"""What is done about the data of products: look, fix, let be, and say how things are to be named."""

from quartermaster.quality.actions.agree import NothingDiffers, take_theirs
from quartermaster.quality.actions.fix import fix_findings
from quartermaster.quality.actions.ignore import ignore, look_after_all
from quartermaster.quality.actions.lint import follow_skus, lint_dirty, look_at_all
from quartermaster.quality.actions.naming import BadPattern, set_naming
from quartermaster.quality.actions.push_ours import push_ours
from quartermaster.quality.actions.weigh import notice_sales, weigh

__all__ = [
    "BadPattern",
    "NothingDiffers",
    "fix_findings",
    "follow_skus",
    "ignore",
    "lint_dirty",
    "look_after_all",
    "look_at_all",
    "notice_sales",
    "push_ours",
    "set_naming",
    "take_theirs",
    "weigh",
]
