"""Reading figures: the document of a period, and the rows behind each figure."""

from quartermaster.insight.queries.document import by_week, document
from quartermaster.insight.queries.rows import Row, rows
from quartermaster.insight.queries.zone import shop_zone

__all__ = ["Row", "by_week", "document", "rows", "shop_zone"]
