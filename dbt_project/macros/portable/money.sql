{#-
    Exact decimal arithmetic. DuckDB's `decimal / decimal` is a DOUBLE and its decimal products keep the width of
    their operands, so every quotient, product and allocation on a path to a score or a payout goes through here.
    Rounding is half away from zero.

    DuckDB divides numbers of 128 bits bit by bit: 0.5 s for a million rows, with 64 bits 0.01 s (two cores, 2026-11).
    So its macros compute in 64 bits what is small enough to fit, and in 128 bits the rest; both are exact.
-#}

{#- The widest whole number of the engine: fen, 1e-12 weights and their products. -#}
{% macro type_wide_int() -%}
    {{ return(adapter.dispatch('type_wide_int')()) }}
{%- endmacro %}

{% macro duckdb__type_wide_int() -%} hugeint {%- endmacro %}

{% macro spark__type_wide_int() -%} decimal(38, 0) {%- endmacro %}

{#- A decimal in whole units of 10^-places: `to_units('amount', 2)` is fen. -#}
{% macro to_units(expression, places) -%}
    {{ return(adapter.dispatch('to_units')(expression, places)) }}
{%- endmacro %}

{% macro default__to_units(expression, places) -%}
    cast(cast({{ expression }} as decimal(38, {{ places }})) * cast({{ 10 ** places }} as decimal({{ places + 1 }}, 0)) as {{ type_wide_int() }})
{%- endmacro %}

{% macro duckdb__to_units(expression, places) -%}
    case
        {%- if places <= 8 %}
        when abs({{ expression }}) < {{ 10 ** (17 - 2 * places) }}
            then cast(cast({{ expression }} as decimal(18, {{ places }})) * cast({{ 10 ** places }} as decimal({{ places + 1 }}, 0)) as bigint)
        {%- endif %}
        when abs({{ expression }}) < {{ 10 ** (18 - places) }} then {{ duckdb__units_of_18_digits(expression, places) }}
        else {{ default__to_units(expression, places) }}
    end
{%- endmacro %}

{#- Units of a decimal of up to 18 digits in 64 bits: its whole part, and the rest by six digits at a time, for a decimal
    times a power of ten has no more than 18 digits either. -#}
{% macro duckdb__units_of_18_digits(expression, places) -%}
    {%- set value = 'cast(' ~ expression ~ ' as decimal(18, ' ~ places ~ '))' -%}
    {%- set rest = '(' ~ value ~ ' - trunc(' ~ value ~ '))' -%}
    {%- set parts = ['cast(trunc(' ~ value ~ ') as bigint) * ' ~ 10 ** places] -%}
    {%- if places > 8 -%}
        {%- set millionths = 'cast(' ~ rest ~ ' as decimal(' ~ (places + 1) ~ ', ' ~ places ~ ')) * cast(1000000 as decimal(7, 0))' -%}
        {%- do parts.append('cast(trunc(' ~ millionths ~ ') as bigint) * ' ~ 10 ** (places - 6)) -%}
        {%- set rest = '(' ~ millionths ~ ' - trunc(' ~ millionths ~ '))' -%}
    {%- endif -%}
    {%- set left = places - 6 if places > 8 else places -%}
    {%- do parts.append(
        'cast(cast(' ~ rest ~ ' as decimal(' ~ (places + 1) ~ ', ' ~ places ~ ')) * cast(' ~ 10 ** left
        ~ ' as decimal(' ~ (left + 1) ~ ', 0)) as bigint)'
    ) -%}
    ({{ parts | join(' + ') }})
{%- endmacro %}

{#- Whole units back to a decimal. -#}
{% macro from_units(expression, places, precision=18) -%}
    cast(cast({{ expression }} as decimal(38, 0)) * cast({{ '%.*f' | format(places, 10 ** -places) }} as decimal({{ places + 1 }}, {{ places }})) as decimal({{ precision }}, {{ places }}))
{%- endmacro %}

{#- Whole quotient of two non-negative whole numbers, and its remainder. -#}
{% macro int_div(numerator, denominator) -%}
    {{ return(adapter.dispatch('int_div')(numerator, denominator)) }}
{%- endmacro %}

{% macro duckdb__int_div(numerator, denominator) -%}
    case
        when {{ fits_64_bits(numerator) }} and {{ fits_64_bits(denominator) }}
            then cast(cast({{ numerator }} as bigint) // cast({{ denominator }} as bigint) as hugeint)
        else ({{ numerator }}) // ({{ denominator }})
    end
{%- endmacro %}

{% macro spark__int_div(numerator, denominator) -%}
    floor((({{ numerator }}) - (({{ numerator }}) % ({{ denominator }}))) / ({{ denominator }}))
{%- endmacro %}

{#- What int_div leaves. -#}
{% macro int_mod(numerator, denominator) -%}
    {{ return(adapter.dispatch('int_mod')(numerator, denominator)) }}
{%- endmacro %}

{% macro default__int_mod(numerator, denominator) -%}
    (({{ numerator }}) % ({{ denominator }}))
{%- endmacro %}

{% macro duckdb__int_mod(numerator, denominator) -%}
    case
        when {{ fits_64_bits(numerator) }} and {{ fits_64_bits(denominator) }}
            then cast(cast({{ numerator }} as bigint) % cast({{ denominator }} as bigint) as hugeint)
        else ({{ numerator }}) % ({{ denominator }})
    end
{%- endmacro %}

{% macro fits_64_bits(expression) -%}
    ({{ expression }}) between -9223372036854775807 and 9223372036854775807
{%- endmacro %}

{#- Quotient rounded half away from zero to `scale` places; NULL on a zero or missing denominator.
    `places` is the number of decimal places that both operands hold exactly. The type is decimal(28, scale): one place
    of sign more would be decimal(38, scale), which a union with another scale cuts to fewer places. -#}
{% macro exact_div(numerator, denominator, scale=6, places=6) -%}
    {{ return(adapter.dispatch('exact_div')(numerator, denominator, scale, places)) }}
{%- endmacro %}

{#- In 64 bits as one quotient where all factors fit, else digit by digit. -#}
{% macro duckdb__exact_div(numerator, denominator, scale, places) -%}
    {%- set digits = 18 - places - [scale, places] | max -%}
    {%- set more_digits = 15 - places if scale <= 6 else 0 -%}
    {%- set n, d = duckdb__units_64(numerator, places), duckdb__units_64(denominator, places) -%}
    {%- if [digits, more_digits] | max < 3 -%}
    {{ duckdb__exact_div_128(numerator, denominator, scale, places) }}
    {%- else -%}
    case
        {%- if digits >= 3 %}
        when ({{ denominator }}) != 0 and abs({{ numerator }}) < {{ 10 ** digits }} and abs({{ denominator }}) < {{ 10 ** digits }}
            then cast(
                {{ duckdb__sign_of_quotient(numerator, denominator) }}
                * {{ from_units('(' ~ 2 * 10 ** scale ~ ' * ' ~ n ~ ' + ' ~ d ~ ') // (2 * ' ~ d ~ ')', scale) }}
                as decimal(28, {{ scale }})
            )
        {%- endif %}
        {%- if more_digits >= 3 and more_digits > digits %}
        when ({{ denominator }}) != 0 and abs({{ numerator }}) < {{ 10 ** more_digits }} and abs({{ denominator }}) < {{ 10 ** more_digits }}
            then cast(
                {{ duckdb__sign_of_quotient(numerator, denominator) }}
                * {{ duckdb__long_quotient('abs(' ~ numerator ~ ')', 'abs(' ~ denominator ~ ')', scale, places) }}
                as decimal(28, {{ scale }})
            )
        {%- endif %}
        else {{ duckdb__exact_div_128(numerator, denominator, scale, places) }}
    end
    {%- endif -%}
{%- endmacro %}

{% macro duckdb__sign_of_quotient(numerator, denominator) -%}
    case when (({{ numerator }}) < 0) = (({{ denominator }}) < 0) then 1 else -1 end
{%- endmacro %}

{#- Long division of positive numbers below 10^15 units: the whole part, then three places at a time, the last ones rounded. -#}
{% macro duckdb__long_quotient(numerator, denominator, scale, places) -%}
    {%- set d = duckdb__units_of_18_digits(denominator, places) -%}
    {%- set n = duckdb__units_of_18_digits(numerator, places) -%}
    {%- set rest, fraction = '(' ~ n ~ ' % ' ~ d ~ ')', [] -%}
    {%- if scale > 3 -%}
        {%- do fraction.append('(1000 * ' ~ rest ~ ' // ' ~ d ~ ') * ' ~ 10 ** (scale - 3)) -%}
        {%- set rest = '(1000 * ' ~ rest ~ ' % ' ~ d ~ ')' -%}
    {%- endif -%}
    {%- set last = 10 ** (scale - 3 if scale > 3 else scale) -%}
    {%- do fraction.append('(' ~ 2 * last ~ ' * ' ~ rest ~ ' + ' ~ d ~ ') // (2 * ' ~ d ~ ')') -%}
    (cast({{ n }} // {{ d }} as decimal(28, {{ scale }})) + {{ from_units('(' ~ fraction | join(' + ') ~ ')', scale, 28) }})
{%- endmacro %}

{% macro duckdb__units_64(expression, places) -%}
    cast(abs(cast({{ expression }} as decimal(18, {{ places }}))) * cast({{ 10 ** places }} as decimal({{ places + 1 }}, 0)) as bigint)
{%- endmacro %}

{% macro duckdb__exact_div_128(numerator, denominator, scale, places) -%}
    {%- set n, d = default__to_units(numerator, places), default__to_units(denominator, places) -%}
    {{ signed_quotient(numerator, denominator, '(2 * ' ~ 10 ** scale ~ ' * abs(' ~ n ~ ') + abs(' ~ d ~ ')) // (2 * abs(' ~ d ~ '))', scale) }}
{%- endmacro %}

{% macro default__exact_div(numerator, denominator, scale, places) -%}
    {%- set n, d = to_units(numerator, places), to_units(denominator, places) -%}
    {{ signed_quotient(numerator, denominator, int_div('2 * ' ~ 10 ** scale ~ ' * abs(' ~ n ~ ') + abs(' ~ d ~ ')', '2 * abs(' ~ d ~ ')'), scale) }}
{%- endmacro %}

{% macro signed_quotient(numerator, denominator, quotient, scale) -%}
    cast(case
        when ({{ denominator }}) is null or ({{ numerator }}) is null or ({{ denominator }}) = 0 then null
        else
            case when (({{ numerator }}) < 0) = (({{ denominator }}) < 0) then 1 else -1 end
            * {{ from_units(quotient, scale, 28) }}
    end as decimal(28, {{ scale }}))
{%- endmacro %}

{#- Quotient of two whole numbers rounded half away from zero to a whole number. -#}
{% macro round_div(numerator, denominator) -%}
    (sign({{ numerator }}) * sign({{ denominator }}) * {{ int_div('2 * abs(' ~ numerator ~ ') + abs(' ~ denominator ~ ')', '2 * abs(' ~ denominator ~ ')') }})
{%- endmacro %}

{#- Product of a money amount and a rate, rounded once to fen. -#}
{% macro exact_mul(amount, rate, scale=2) -%}
    {{ return(adapter.dispatch('exact_mul')(amount, rate, scale)) }}
{%- endmacro %}

{#- Rates of at most six places, as almost all are: the product has eight and fits 64 bits. -#}
{% macro duckdb__exact_mul(amount, rate, scale=2) -%}
    case
        when abs({{ amount }}) < 100000000 and abs({{ rate }}) < 10
            then case
                when cast({{ rate }} as decimal(18, 6)) = {{ rate }}
                    then cast(round(cast({{ amount }} as decimal(18, 2)) * cast({{ rate }} as decimal(18, 6)), {{ scale }}) as decimal(18, {{ scale }}))
                else {{ default__exact_mul(amount, rate, scale) }}
            end
        else {{ default__exact_mul(amount, rate, scale) }}
    end
{%- endmacro %}

{% macro default__exact_mul(amount, rate, scale=2) -%}
    cast(round(cast({{ amount }} as decimal(20, 2)) * cast({{ rate }} as decimal(18, 12)), {{ scale }}) as decimal(18, {{ scale }}))
{%- endmacro %}

{% macro round_money(expression) -%}
    cast(round({{ expression }}, 2) as decimal(18, 2))
{%- endmacro %}

{#- Largest remainder, first half: the part of |amount| (whole units) that a weight gets for certain. -#}
{% macro share_floor(units, weight, weight_total) -%}
    {{ int_div('cast(abs(' ~ units ~ ') as ' ~ type_wide_int() ~ ') * ' ~ weight, weight_total) }}
{%- endmacro %}

{#- What is left of the exact share after its floor, in weight units: the rank of the last units goes by it. -#}
{% macro share_remainder(units, weight, weight_total) -%}
    {{ int_mod('cast(abs(' ~ units ~ ') as ' ~ type_wide_int() ~ ') * ' ~ weight, weight_total) }}
{%- endmacro %}

{#-
    Largest remainder over a relation: one row in, one row out, with `part` (whole units, sign of `units`) added.
    Parts of one `keys` group add up to `units`; ties go to the smaller `tie`.
    `columns` are carried through.
-#}
{% macro allocate(relation, keys, units='units', weight='weight', tie='employee_id', columns=[]) -%}
    select
        {{ (keys + columns + [tie]) | join(', ') }},
        {{ units }},
        {{ weight }},
        weight_total,
        sign({{ units }}) * (floor_units + case
            when row_number() over (
                partition by {{ keys | join(', ') }} order by remainder desc, {{ tie }} asc
            ) <= abs({{ units }}) - sum(floor_units) over (partition by {{ keys | join(', ') }}) then 1
            else 0
        end) as part
    from (
        select
            totals.*,
            {{ share_floor(units, weight, 'weight_total') }} as floor_units,
            {{ share_remainder(units, weight, 'weight_total') }} as remainder
        from (
            select
                base.*,
                sum({{ weight }}) over (partition by {{ keys | join(', ') }}) as weight_total
            from {{ relation }} as base
        ) as totals
    ) as floors
{%- endmacro %}
