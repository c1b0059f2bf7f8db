"""Channels: what the shops are told, and what is fetched from them because a message may be lost.

Owns: which connection is told anything at all, how far each was read, whether it still sends its messages
and what queue it puts them into, what became of every parcel and cancellation that a shop was to be told of
and of every refund it was to give back, what each shop has for sale, how many it is to have of it, and how
many it has; the price lists, what each listing is to cost, and what it costs there; what listings were told
to say, and by whom.
Listens to: ParcelHandedOver, OrderChanged, OrderCancelled, OrderRefunded, CancellationTold, SkuChanged,
RulesChanged, LocationChanged, ConnectionChanged, KeysAccepted, HintHeard, ShelfLifeChanged. Triggers on the
levels and on the days of lots write down stock that changes.
Emits: ChannelSwitched, ShipmentTold, ShipmentRefused, CancellationTold, CancellationRefused, RefundAsked,
RefundPaid, RefundNotPaid, HooksMended, HooksOff, ListingsRead, ListingMapped, ListingPolicyChanged,
ListingRefused, ListingsAsked, ShopCompared, ShopDriftSettled, PriceListChanged, SalePlanned, SaleWithdrawn,
SaleBegan, SaleEnded, PricingChanged, ListingPriceChanged, PricesBlocked, PriceLetThrough, PriceRefused,
ContentAsked, ContentTold, ContentNotTold, BulkBegun, BulkEnded.
Never: reads an order itself. What is fetched goes through the inbox, as every message does.
"""
