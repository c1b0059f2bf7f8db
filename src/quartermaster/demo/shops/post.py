"""Messages over HTTP to the running Quartermaster, as any shop sends them."""

import http.client
from urllib.parse import urlsplit

from quartermaster.demo.shops.told import Webhook


def post(webhook: Webhook, url: str) -> int:
    """Send it to `url`/in/SLUG; the HTTP status of the answer, 0 when there was none."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request("POST", f"/in/{webhook.slug}", body=webhook.body, headers=dict(webhook.headers))
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
