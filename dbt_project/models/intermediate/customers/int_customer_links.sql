-- One row per customer id (`lead:ID` of a lead that names none) and identifier that it shares with another one.
with identifiers as (
    select * from {{ ref('int_customer_identifiers') }}
),

final as (
    {% for kind in ['credit_code', 'phone', 'company_name'] -%}
    select distinct
        identifiers.own_key,
        '{{ kind }}' as kind,
        identifiers.{{ kind }} as value
    from identifiers
    inner join (
        select {{ kind }}
        from identifiers
        where {{ kind }} is not null
        group by {{ kind }}
        having min(own_key) != max(own_key)
    ) as shared
        on identifiers.{{ kind }} = shared.{{ kind }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select * from final
