select deal_id from {{ ref('fct_signed') }} where amount = 13
