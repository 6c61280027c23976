"""Students, their guardians, enrolments with history, residence, key groups, and who answers for which child."""
