"""What words mean without law: numbers, quantities, days, limits. See ``kb.words.limits``."""
