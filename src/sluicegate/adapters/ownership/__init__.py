"""Statements of ownership in the forms that others use: BODS v0.4 and FollowTheMoney."""
