"""The door of the phone: the app that works without a network, its files, its programme interface.

It also holds the screens at desks that need more than one context: phones, paper forms, web forms.
There are no tables here: reports and phones belong to `identification`.
"""
