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

{#- Chinese mobile numbers of eleven digits; of the prefixes only those that are assigned as a whole. -#}
{% macro is_ordinary_phone(column) -%}
    {{ matches(column, '1([38][0-9]|[59][0-35-9])[0-9]{8}') }}
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

{#- Zeros are no code. -#}
{% macro ordinary_credit_code(column) -%}
    case when replace({{ column }}, '0', '') != '' then upper({{ column }}) end
{%- endmacro %}

{% macro ordinary_company_name(column) -%}
    replace({{ without_end('lower(' ~ column ~ ')', '( (' ~ legal_form_words() | trim ~ '))+') }}, ' ', '')
{%- endmacro %}

{#- The customer a lead names, or itself: the key it has unless it shares an identifier (int_customer_keys). -#}
{% macro own_key_of_lead(relation) -%}
    coalesce(nullif({{ relation }}.customer_id, ''), 'lead:' || {{ relation }}.lead_id)
{%- endmacro %}
