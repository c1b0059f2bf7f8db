"""/api/arrivals, /api/receipts, /api/dock, /api/put-aways, /api/transfers: goods come in."""

from quartermaster.api.inbound import arrivals, put_aways, transfers

routers = (arrivals.router, put_aways.router, transfers.router)
