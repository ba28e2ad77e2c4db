-- One row per data-driven attribution model, month, customer type and channel: the weights fitted on the history before
-- the month ("the weight of drawing in, converting and serving per customer type").
select
    model,
    period,
    customer_type,
    channel,
    weight
from {{ ref('int_attribution_weights') }}
