"""The policy lab: whom a threshold would have caught, burdened and missed."""
