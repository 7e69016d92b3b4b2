"""Files of persons of concern in the data standard for cases (HTCDS 2.0), out and in. Pure.

One person is one or several rows with the same reference: the first carries what is known of the
person, each row at most one referral and one entry of the plan of support. What the standard has
no field or code for stands behind "cairn:" in a field of text, as codes, and is read from there.
"""
