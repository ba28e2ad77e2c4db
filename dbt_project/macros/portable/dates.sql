{#- Business calendar. Engine differences live here and nowhere else. -#}

{#- Business date of a UTC timestamp in the plan's time zone. -#}
{% macro business_date(ts) -%}
    {{ return(adapter.dispatch('business_date')(ts)) }}
{%- endmacro %}

{#- Time zones are ICU calls, the dearest expression of the staging models; where the offset has not changed for decades
    (Asia/Shanghai: since 1991) it is an addition, and ICU keeps what is older. -#}
{% macro duckdb__business_date(ts) -%}
    {%- set offset = steady_offset_seconds() -%}
    {%- if offset is none -%}
        cast(timezone('{{ var("timezone") }}', timezone('UTC', {{ ts }})) as date)
    {%- else -%}
        case
            when {{ ts }} >= timestamp '2000-01-01' then cast({{ ts }} + interval '{{ offset }} seconds' as date)
            else cast(timezone('{{ var("timezone") }}', timezone('UTC', {{ ts }})) as date)
        end
    {%- endif -%}
{%- endmacro %}

{#- Offset of the business time zone from UTC when it is the same all year in every year since 2000, else none. -#}
{% macro steady_offset_seconds() -%}
    {%- set zone = modules.pytz.timezone(var('timezone')) -%}
    {%- set offsets = [] -%}
    {%- for year in range(2000, 2038) -%}
        {%- for month in (1, 3, 6, 9, 11) -%}
            {%- set offset = zone.utcoffset(modules.datetime.datetime(year, month, 15)).total_seconds() | int -%}
            {%- if offset not in offsets -%}{%- do offsets.append(offset) -%}{%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(offsets[0] if offsets | length == 1 else none) }}
{%- endmacro %}

{% macro spark__business_date(ts) -%}
    cast(from_utc_timestamp({{ ts }}, '{{ var("timezone") }}') as date)
{%- endmacro %}

{#- UTC timestamp at which a business date begins. -#}
{% macro day_start_utc(date_column) -%}
    {{ return(adapter.dispatch('day_start_utc')(date_column)) }}
{%- endmacro %}

{% macro duckdb__day_start_utc(date_column) -%}
    cast(timezone('UTC', timezone('{{ var("timezone") }}', cast({{ date_column }} as timestamp))) as timestamp)
{%- endmacro %}

{% macro spark__day_start_utc(date_column) -%}
    cast(to_utc_timestamp(cast({{ date_column }} as timestamp_ltz), '{{ var("timezone") }}') as timestamp)
{%- endmacro %}

{#- Calendar month of a date, written 2026-10. -#}
{% macro period_of(date_column) -%}
    {{ return(adapter.dispatch('period_of')(date_column)) }}
{%- endmacro %}

{% macro duckdb__period_of(date_column) -%}
    strftime({{ date_column }}, '%Y-%m')
{%- endmacro %}

{% macro spark__period_of(date_column) -%}
    date_format({{ date_column }}, 'yyyy-MM')
{%- endmacro %}

{#- First day of a period written 2026-10. -#}
{% macro period_start(period) -%}
    cast({{ period }} || '-01' as date)
{%- endmacro %}

{#- Quarter of a date, written 2026-Q4. -#}
{% macro quarter_of(date_column) -%}
    cast(extract(year from {{ date_column }}) as {{ dbt.type_string() }}) || '-Q'
    || cast(extract(quarter from {{ date_column }}) as {{ dbt.type_string() }})
{%- endmacro %}

{#- The interval (month, quarter, year) a date falls in, as text. -#}
{% macro interval_of(date_column, unit_column) -%}
    case {{ unit_column }}
        when 'year' then cast(extract(year from {{ date_column }}) as {{ dbt.type_string() }})
        when 'quarter' then {{ quarter_of(date_column) }}
        else {{ period_of(date_column) }}
    end
{%- endmacro %}

{#- Date moved by whole days; whole months. (On Spark `dbt.dateadd` walks through seconds and text.) -#}
{% macro add_days(date_column, days) -%}
    {{ return(adapter.dispatch('add_days')(date_column, days)) }}
{%- endmacro %}

{% macro default__add_days(date_column, days) -%}
    cast({{ dbt.dateadd('day', days, date_column) }} as date)
{%- endmacro %}

{% macro spark__add_days(date_column, days) -%}
    date_add({{ date_column }}, cast({{ days }} as int))
{%- endmacro %}

{% macro add_months(date_column, months) -%}
    {{ return(adapter.dispatch('add_months')(date_column, months)) }}
{%- endmacro %}

{% macro default__add_months(date_column, months) -%}
    cast({{ dbt.dateadd('month', months, date_column) }} as date)
{%- endmacro %}

{% macro spark__add_months(date_column, months) -%}
    add_months({{ date_column }}, cast({{ months }} as int))
{%- endmacro %}

{#- First day of a date's month. -#}
{% macro month_start(date_column) -%}
    cast({{ dbt.date_trunc('month', date_column) }} as date)
{%- endmacro %}

{#- Whole days from one date to another. -#}
{% macro days_between(first_date, last_date) -%}
    {{ return(adapter.dispatch('days_between')(first_date, last_date)) }}
{%- endmacro %}

{% macro duckdb__days_between(first_date, last_date) -%}
    date_diff('day', {{ first_date }}, {{ last_date }})
{%- endmacro %}

{% macro spark__days_between(first_date, last_date) -%}
    cast(datediff({{ last_date }}, {{ first_date }}) as bigint)
{%- endmacro %}

{#- One row a month, from the first to the last date of a one-row relation. Columns: starts_on. -#}
{% macro month_spine(relation, first_date, last_date) -%}
    {{ return(adapter.dispatch('month_spine')(relation, first_date, last_date)) }}
{%- endmacro %}

{% macro duckdb__month_spine(relation, first_date, last_date) -%}
    select cast(unnest(generate_series(
        cast(date_trunc('month', {{ first_date }}) as timestamp),
        cast({{ last_date }} as timestamp),
        interval 1 month
    )) as date) as starts_on
    from {{ relation }}
{%- endmacro %}

{% macro spark__month_spine(relation, first_date, last_date) -%}
    select explode(sequence(
        cast(date_trunc('month', {{ first_date }}) as date), {{ last_date }}, interval 1 month
    )) as starts_on
    from {{ relation }}
{%- endmacro %}

{#- The last month of a month, a quarter (2026-Q4) or a year (2026). -#}
{% macro last_month_of(period) -%}
    case
        when length({{ period }}) = 4 then {{ period }} || '-12'
        when {{ period }} like '%-Q%'
            then substring({{ period }}, 1, 5)
                || lpad(cast(3 * cast(substring({{ period }}, 7, 1) as integer) as {{ dbt.type_string() }}), 2, '0')
        else {{ period }}
    end
{%- endmacro %}
