"""What may be counted, how it is protected, and how it is attacked: values in, values out."""
