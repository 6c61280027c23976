"""What tests share: settings, the fixed cast. Not part of the product."""
