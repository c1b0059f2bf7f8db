"""/api/arrivals, /api/receipts, /api/dock, /api/put-aways: goods come in."""

from quartermaster.api.inbound import arrivals, put_aways

routers = (arrivals.router, put_aways.router)
