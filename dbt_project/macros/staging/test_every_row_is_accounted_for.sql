{#-
    Nothing vanishes between the latest version and the canonical models: for each entity the rows of
    stg_files__<entity> are the rows of stg_<entity>, the rejections of that entity and the facts that lie after the
    as-of time (of a deal: with its splits and transactions). `model` is the rejections; `moments` names the column
    that says when a fact of an entity happened.
-#}
{% test every_row_is_accounted_for(model, moments) %}

with later_deals as (
    select latest.deal_id
    from {{ ref('stg_files__deals') }} as latest
    where not {{ happened(moments['deals']) }}
),

counted as (
    {% for entity in record_keys() -%}
    select
        '{{ entity }}' as entity,
        (select count(*) from {{ ref('stg_files__' ~ entity) }}) as latest_count,
        (select count(*) from {{ ref('stg_' ~ entity) }}) as canonical_count,
        (select count(*) from {{ model }} where source_table = '{{ entity }}') as rejected_count,
        (
            select count(*)
            from {{ ref('stg_files__' ~ entity) }} as latest
            where {{ 'not ' ~ happened(moments[entity]) if entity in moments else 'false' }}
            {%- if entity in ('deal_splits', 'transactions') %}
                or latest.deal_id in (select deal_id from later_deals)
            {%- endif %}
        ) as later_count
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select *
from counted
where latest_count <> canonical_count + rejected_count + later_count

{% endtest %}
