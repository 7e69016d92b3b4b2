"""The Open Referral standard for directories of services (HSDS 3.0), with what it lacks. Pure.

Read in the specification of the Human Services Data Specification, version 3.0 (2023): objects
service, organization, location, address, phone, schedule, language, service_area,
service_at_location, attribute and taxonomy_term, as JSON and as a package of CSV tables.

Five fields of `service` are our own: `sensitivity`, `capacity`, `capacity_updated`, `country` (ISO
3166-1 alpha-3) and `zone` (IANA name); kinds, needs, sexes and exclusions are attributes of
taxonomies of ours. Sensitivity fails closed: a service whose sensitivity is missing or not known
is protected, its location is not taken in, and nothing of it leaves.
"""
