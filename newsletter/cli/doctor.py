"""`newsletter doctor`: what is missing, and how to fix it; a DKIM key, and a test mail."""

import os
from pathlib import Path

import click

from newsletter.cli.groups import Listed
from newsletter.cli.output import exit_1_if, flag, json_option, note, print_json, say
from newsletter.cli.story_input import usual_identity
from newsletter.cli.workspace import Workspace, open_workspace, pass_workspace

_MARKS = {"fine": ("ok", "green"), "look": ("warning", "yellow"), "missing": ("MISSING", "red")}

_CHANGE_IT = "Change that one, do not add a second"


@click.group(cls=Listed, invoke_without_command=True, epilog="Example: newsletter doctor")
@json_option
@flag("--outside", help="Also ask for the public pages at their address, as a reader would.")
@click.pass_context
def doctor(ctx: click.Context, outside: bool) -> None:
    """Check the setup: what is missing and how to fix it.

    Looks at the settings, the secrets, the database, the feeds, the design, who can read the files,
    the sender's domain, and whether the mail server lets us in; no mail is sent. The exit code is 1
    if something is missing.
    """
    if ctx.invoked_subcommand is not None:
        return
    from newsletter.doctor.findings import Status
    from newsletter.doctor.sender_domain import look_up
    from newsletter.doctor.workspace import examine

    identity = Path(os.environ.get("NEWSLETTER_IDENTITY") or usual_identity())
    findings = examine(open_workspace(), lookup=look_up, identity=identity, is_outside=outside)
    if not print_json(findings):
        for finding in findings:
            word, colour = _MARKS[finding.status.value]
            say(f"  {finding.part}: {finding.message}", lead=f"{word:>7}", colour=colour)
            if finding.hint:
                say(f"         {finding.hint}")
    exit_1_if(any(finding.status is Status.MISSING for finding in findings))


@doctor.command(epilog="Example: newsletter doctor dkim --selector digest")
@click.option("--domain", default="", help="Whose mail it signs (default: the sender's domain).")
@click.option("--selector", default="", help="Its name in DNS (default: as in the settings).")
@click.option(
    "--key-file", default="", help="Where the key is or is made (default: as in the settings)."
)
@json_option
@pass_workspace
def dkim(workspace: Workspace, domain: str, selector: str, key_file: str) -> None:
    """Make the key that signs mail, and print the DNS records to publish.

    Prints DKIM, SPF and DMARC for whoever keeps the domain. Run it again to print them again: a key
    that is there is never replaced. SendGrid signs by itself: then it prints DMARC alone.
    """
    from newsletter.doctor.dkim_key import find_or_make_key
    from newsletter.doctor.dns_records import dns_records, refuse_freemail, returning_to
    from newsletter.doctor.sender_domain import look_up
    from newsletter.model.delivery import TransportKind

    config = workspace.config
    refuse_freemail(config)
    key = None
    if config.transport.kind is not TransportKind.SENDGRID:
        key = find_or_make_key(config, domain=domain, selector=selector, file=key_file)
    name, value = (key.name, key.record) if key else ("", "")
    records = dns_records(config, dkim_name=name, dkim_value=value, lookup=look_up)
    made = {"key": key.path if key else None, "new": bool(key and key.is_new)}
    if not print_json({**made, "records": records}):
        say(f"DNS records for mail from {config.sender.address}:")
        for record in records:
            say(f"\n{record.purpose}\n  type   {record.kind}\n  name   {record.name}")
            say(f"  value  {record.value}")
            if record.there == record.value:
                say("  It is there already.")
            elif record.there:
                say(f"  There is one already: {record.there}")
                is_dkim = record.name == name  # somebody's mail is verified by what is there
                say(f"  {'Choose another name: --selector' if is_dkim else _CHANGE_IT}.")
        say("\nThe same as lines of a zone file:\n")
        for record in records:
            say(record.zone_line)
        returns = returning_to(config)
        if returns and all(record.kind != "MX" for record in records):
            say(f"\n{returns} needs an MX record as well, which names the server of the mailbox")
            say("that bounces come back to. Whoever keeps that mailbox knows it.")
    if key is None:
        note(
            "\nFor DKIM and SPF, publish the records that SendGrid shows under Settings > Sender "
            "Authentication:\nit signs by itself, and takes what comes back."
        )
    else:
        was = "Made the key" if key.is_new else "The key is"
        note(f"\n{was} {key.path}: keep it as a secret.")
    if key is not None and not config.transport.dkim_domain:
        note("When the records are published, have mail signed, in [transport] of newsletter.toml:")
        note(f'  dkim_domain = "{key.domain}"\n  dkim_selector = "{key.selector}"')
        note(f'  dkim_key_file = "{key.file}"')
    note("Then: newsletter doctor, and newsletter doctor mail --to you@example.org")


@doctor.command(epilog="Example: newsletter doctor mail --to you@example.org")
@click.option("--to", "address", required=True, help="Who gets it: an address of your own.")
@pass_workspace
def mail(workspace: Workspace, address: str) -> None:
    """Send a test mail to one address, before there is any issue.

    It leaves as issues do: by the same transport, signed, with the same return address.
    """
    from newsletter.doctor.trial_mail import send_trial_mail
    from newsletter.errors import ServiceError
    from newsletter.model.delivery import Accepted, TransportKind

    outcome = send_trial_mail(workspace, address)
    config = workspace.config
    if not isinstance(outcome, Accepted):
        raise ServiceError(
            f"the test mail was not taken: {outcome.reason}", hint="newsletter doctor says more"
        )
    note(f"Sent a test mail to {address} through {config.transport.kind.value}.")
    if config.transport.kind is TransportKind.SENDGRID:
        note("  SendGrid signs it, and takes what cannot be delivered")
        return
    signed = config.transport.dkim_domain
    note(
        f"  signed for {signed}" if signed else "  not signed by us (your mail server may sign it)"
    )
    note(f"  mail that cannot be delivered comes back to {workspace.notice_writer.return_path()}")
