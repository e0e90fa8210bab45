"""`python -m tests.campaign`: see `command`."""

if __name__ == "__main__":  # the processes of a campaign import this module, too, and need nothing of it
    from tests.campaign.command import main

    raise SystemExit(main())
