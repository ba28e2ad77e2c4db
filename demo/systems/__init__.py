"""The made-up company's systems: which of its templates live in which system, in the vendor's own shape.

Belongs here: records of simulators made of the company's rows, sources.yml, standing the systems up. Does not belong
here: protocols (`demo/simulators`), what the company is (`demo/business`).
"""
