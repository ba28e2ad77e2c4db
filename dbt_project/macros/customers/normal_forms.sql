{#-
    Normal forms of ordinary spellings, so that Python (`customer_identity.py`) sees only the others. The same results:
    `test_customer_identity.py` holds both together.
-#}

{#- Words that say what form a company has; they are removed only at the end of a name. -#}
{% macro legal_form_words() -%}
    {{ (
        'ab ag bv co coltd company corp corporation gmbh inc incorporated kg limited llc llp ltd nv oy '
        ~ 'plc pte pty sa sarl spa srl'
    ) | replace(' ', '|') }}
{%- endmacro %}

{#- Chinese mobile numbers of eleven digits, whatever prefixes are assigned by now. -#}
{% macro is_ordinary_phone(column) -%}
    {{ matches(column, '1[3-9][0-9]{9}') }}
{%- endmacro %}

{% macro is_ordinary_credit_code(column) -%}
    {{ matches(column, '[0-9A-Za-z]+') }}
{%- endmacro %}

{#- Latin letters and digits with one space between words. -#}
{% macro is_ordinary_company_name(column) -%}
    {{ matches(column, '[0-9A-Za-z]+( [0-9A-Za-z]+)*') }}
{%- endmacro %}

{% macro ordinary_phone(column) -%}
    '+86' || {{ column }}
{%- endmacro %}

{#- The last of 18 characters makes the sum of value times 3 to the place a multiple of 31 (GB 32100-2015). Zeros are no code. -#}
{% macro ordinary_credit_code(column) -%}
    {%- set letters = '0123456789ABCDEFGHJKLMNPQRTUWXY' -%}
    case
        when {{ matches('upper(' ~ column ~ ')', '[' ~ letters ~ ']{18}') }}
            and replace({{ column }}, '0', '') != ''
            and (
                {%- for place in range(18) %}
                (position(substring(upper({{ column }}), {{ place + 1 }}, 1) in '{{ letters }}') - 1) * {{ 3 ** place % 31 if place < 17 else 1 }}
                {{- ' +' if not loop.last }}
                {%- endfor %}
            ) % 31 = 0
            then upper({{ column }})
    end
{%- endmacro %}

{% macro ordinary_company_name(column) -%}
    replace({{ without_end('lower(' ~ column ~ ')', '( (' ~ legal_form_words() | trim ~ '))+') }}, ' ', '')
{%- endmacro %}

{#- The customer a lead names, or itself: the key it has unless it shares an identifier (int_customer_keys). -#}
{% macro own_key_of_lead(relation) -%}
    coalesce(nullif({{ relation }}.customer_id, ''), 'lead:' || {{ relation }}.lead_id)
{%- endmacro %}
