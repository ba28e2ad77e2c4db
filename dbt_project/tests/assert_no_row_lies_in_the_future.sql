-- Rows after the as-of time are not computed; they are said, for every template (`in_the_future`, readings 42 and 55).
{{ config(severity='warn') }}

select * from {{ ref('in_the_future') }}
