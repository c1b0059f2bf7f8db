"""What Shopify's Admin GraphQL API is asked and told, each a constant document.

Tests check every one of them against the published schema of the version named here.
"""

from typing import Final

API_VERSION: Final = "2026-07"
