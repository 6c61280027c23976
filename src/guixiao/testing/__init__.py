"""What tests share: settings of their own, the fixed cast. Nothing here runs in production."""
