"""Twilio's Python SDK against the sandbox, unchanged but for the base URL of its requests.

roster-sandbox starts this with its environment (see run_sdk.sh). Every test makes its own services
and deletes them; the numbers and short codes are those of state.json.
"""

import datetime
import os
import time
import unittest
from urllib.parse import urlsplit, urlunsplit

from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

SANDBOX = urlsplit(os.environ["ROSTER_API_URL"])
NUMBERS = ["PN%032d" % n for n in range(1, 6)]
SHORT_CODES = ["SC%032d" % n for n in range(1, 3)]


class SandboxHttpClient(TwilioHttpClient):
    """Sends to the sandbox what the SDK addresses to Twilio's hosts."""

    def __init__(self):
        super().__init__(timeout=30)
        self.calls = []

    def request(self, method, url, *args, **kwargs):
        parts = urlsplit(url)
        self.calls.append("%s %s" % (method.upper(), parts.path))
        url = urlunsplit((SANDBOX.scheme, SANDBOX.netloc, parts.path, parts.query, ""))
        return super().request(method, url, *args, **kwargs)


class SandboxTest(unittest.TestCase):
    def setUp(self):
        self.http = SandboxHttpClient()
        self.addCleanup(self.http.session.close)
        self.client = Client(
            os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"], http_client=self.http
        )

    def create_service(self, name, **settings):
        service = self.client.messaging.services.create(friendly_name=name, **settings)
        self.addCleanup(self.delete_quietly, service.sid)
        return service

    def delete_quietly(self, sid):
        try:
            self.client.messaging.services(sid).delete()
        except TwilioRestException as error:
            self.assertEqual(error.status, 404)

    def assert_refused(self, status, code, message, call, *args, **kwargs):
        with self.assertRaises(TwilioRestException) as caught:
            call(*args, **kwargs)
        error = caught.exception
        self.assertEqual((error.status, error.code), (status, code), error.msg)
        self.assertIn(message, error.msg)


class Services(SandboxTest):
    def test_create_with_defaults(self):
        service = self.create_service("Defaults")
        self.assertRegex(service.sid, "^MG[0-9a-f]{32}$")
        self.assertEqual(service.account_sid, os.environ["TWILIO_ACCOUNT_SID"])
        self.assertIsInstance(service.date_created, datetime.datetime)
        self.assertIsInstance(service.date_updated, datetime.datetime)
        self.assertIsNone(service.inbound_request_url)
        self.assertIsNone(service.status_callback)
        self.assertEqual(service.inbound_method, "POST")
        self.assertEqual(service.validity_period, 36000)
        self.assertEqual(service.usecase, "undeclared")
        self.assertIs(service.sticky_sender, True)
        self.assertIs(service.use_inbound_webhook_on_number, False)
        self.assertIs(service.us_app_to_person_registered, False)
        self.assertTrue(service.links["phone_numbers"].endswith(service.sid + "/PhoneNumbers"))

    def test_fetch_update_delete(self):
        service = self.create_service(
            "Café & Söhne + 1",
            status_callback="https://example.com/status?a=b&c=d",
            sticky_sender=False,
            validity_period=600,
            usecase="marketing",
            scan_message_content="disable",
            inbound_method="GET",
        )
        fetched = self.client.messaging.services(service.sid).fetch()
        self.assertEqual(fetched.friendly_name, "Café & Söhne + 1")
        self.assertEqual(fetched.status_callback, "https://example.com/status?a=b&c=d")
        self.assertIs(fetched.sticky_sender, False)
        self.assertEqual(fetched.validity_period, 600)
        self.assertEqual(fetched.usecase, "marketing")
        self.assertEqual(fetched.scan_message_content, "disable")
        self.assertEqual(fetched.inbound_method, "GET")

        updated = fetched.update(friendly_name="Renamed", status_callback="", sticky_sender=True)
        self.assertEqual(updated.friendly_name, "Renamed")
        self.assertFalse(updated.status_callback)
        self.assertIs(updated.sticky_sender, True)
        self.assertEqual(updated.validity_period, 600)

        self.assertTrue(self.client.messaging.services(service.sid).delete())
        self.assert_refused(
            404, 20404, "/Services/%s was not found" % service.sid, fetched.fetch
        )

    def test_pages(self):
        names = ["Page %d" % n for n in range(7)]
        for name in names:
            self.create_service(name)
        self.http.calls.clear()
        found = [s.friendly_name for s in self.client.messaging.services.stream(page_size=2)]
        self.assertEqual([n for n in found if n.startswith("Page ")], names)
        self.assertGreaterEqual(len(self.http.calls), 4)
        self.assertEqual(len(self.client.messaging.services.list(limit=3, page_size=2)), 3)

        first = self.client.messaging.services.page(page_size=3)
        second = first.next_page()
        back = second.previous_page()
        self.assertEqual(
            [s.sid for s in back], [s.sid for s in self.client.messaging.services.page(page_size=3)]
        )

    def test_refusals(self):
        services = self.client.messaging.services
        self.assert_refused(400, 20002, "", services.create, friendly_name="x" * 65)
        self.assert_refused(
            400, 21624, "", services.create, friendly_name="x", validity_period=36001
        )
        self.assert_refused(400, 21713, "", services.create, friendly_name="x", usecase="spam")
        self.assert_refused(404, 20404, "was not found", services("MG" + "0" * 32).fetch)

    def test_usecases(self):
        usecases = self.client.messaging.usecases.fetch().usecases
        self.assertEqual(
            {usecase["usecase"] for usecase in usecases},
            {"notifications", "marketing", "verification", "discussion", "poll", "undeclared"},
        )


class Senders(SandboxTest):
    def test_phone_numbers(self):
        service = self.create_service("Numbers")
        pool = self.client.messaging.services(service.sid).phone_numbers
        for sid in NUMBERS:
            added = pool.create(phone_number_sid=sid)
            self.assertEqual((added.sid, added.service_sid), (sid, service.sid))
            self.assertIsInstance(added.date_created, datetime.datetime)
            self.assertIsInstance(added.capabilities, list)
        self.assertEqual(added.phone_number, "+447700900015")
        self.assertEqual(added.country_code, "GB")

        self.http.calls.clear()
        self.assertEqual([n.sid for n in pool.stream(page_size=2)], NUMBERS)
        self.assertEqual(len(self.http.calls), 3)
        self.assertEqual(pool(NUMBERS[0]).fetch().phone_number, "+15005550011")

        other = self.client.messaging.services(self.create_service("Other").sid)
        self.assert_refused(
            409, 21710, "already in the Messaging Service", pool.create, phone_number_sid=NUMBERS[0]
        )
        self.assert_refused(
            409,
            21712,
            "associated with another Messaging Service",
            other.phone_numbers.create,
            phone_number_sid=NUMBERS[0],
        )
        self.assertTrue(pool(NUMBERS[0]).delete())
        self.assert_refused(404, 20404, "was not found", pool(NUMBERS[0]).delete)
        self.assertEqual([n.sid for n in pool.list()], NUMBERS[1:])
        self.assertEqual(
            other.phone_numbers.create(phone_number_sid=NUMBERS[0]).service_sid, other.fetch().sid
        )

    def test_short_codes(self):
        service = self.create_service("Short codes")
        pool = self.client.messaging.services(service.sid).short_codes
        self.assertEqual(pool.create(short_code_sid=SHORT_CODES[0]).short_code, "85555")
        self.assertEqual(pool.create(short_code_sid=SHORT_CODES[1]).short_code, "86666")
        self.assertEqual([c.sid for c in pool.stream(page_size=1)], SHORT_CODES)
        self.assertEqual(pool(SHORT_CODES[1]).fetch().service_sid, service.sid)
        self.assertTrue(pool(SHORT_CODES[0]).delete())
        self.assertEqual([c.short_code for c in pool.list()], ["86666"])

    def test_alpha_senders(self):
        service = self.create_service("Alpha")
        pool = self.client.messaging.services(service.sid).alpha_senders
        sender = pool.create(alpha_sender="ACME")
        self.assertRegex(sender.sid, "^AI[0-9a-f]{32}$")
        self.assertEqual([a.alpha_sender for a in pool.list()], ["ACME"])
        self.assert_refused(400, 21709, "", pool.create, alpha_sender="12345")
        self.assertEqual(pool(sender.sid).fetch().alpha_sender, "ACME")
        self.assertTrue(pool(sender.sid).delete())
        self.assertEqual(pool.list(), [])


class Account(SandboxTest):
    def test_fetch(self):
        account = self.client.api.account.fetch()
        self.assertEqual(account.friendly_name, "SDK test")
        self.assertEqual((account.status, account.type), ("active", "Full"))
        self.assertIsInstance(account.date_created, datetime.datetime)

    def test_numbers(self):
        numbers = self.client.incoming_phone_numbers
        self.http.calls.clear()
        self.assertEqual([n.sid for n in numbers.stream(page_size=2)], NUMBERS)
        self.assertEqual(len(self.http.calls), 3)
        self.assertEqual([n.sid for n in numbers.list(phone_number="+447700900014")], [NUMBERS[3]])
        self.assertEqual([n.sid for n in numbers.list(phone_number="+44")], NUMBERS[3:])
        self.assertEqual([n.sid for n in numbers.list(phone_number="*0012")], NUMBERS[1:2])
        self.assertEqual([n.sid for n in numbers.list(friendly_name="two")], NUMBERS[1:3])
        self.assertEqual(len(numbers.list(beta=False)), 5)
        self.assertEqual(numbers.list(origin="hosted"), [])
        self.assertEqual(len(numbers.list(origin="twilio")), 5)
        number = numbers(NUMBERS[0]).fetch()
        self.assertEqual(number.phone_number, "+15005550011")
        self.assertIs(number.capabilities["sms"], True)
        self.assertIsInstance(number.date_created, datetime.datetime)

    def test_short_codes(self):
        codes = self.client.short_codes
        self.assertEqual([c.sid for c in codes.stream(page_size=1)], SHORT_CODES)
        self.assertEqual([c.sid for c in codes.list(short_code="86666")], SHORT_CODES[1:])
        self.assertEqual(codes(SHORT_CODES[0]).fetch().short_code, "85555")

    def test_credentials(self):
        def services_of(user, password):
            client = Client(user, password, os.environ["TWILIO_ACCOUNT_SID"], http_client=self.http)
            return client.messaging.services.list(limit=1)

        services_of("SK00000000000000000000000000000003", "a secret")
        account = os.environ["TWILIO_ACCOUNT_SID"]
        for user, password in [(account, "wrong"), ("SK" + "0" * 32, "a secret"), ("x", "y")]:
            # The SDK wraps what goes wrong with a page differently from other failures.
            with self.assertRaises(Exception) as caught:
                services_of(user, password)
            self.assertEqual(caught.exception.args[1].status_code, 401)
        client = Client(account, "wrong", http_client=self.http)
        self.assert_refused(
            401, 20003, "", client.messaging.services.create, friendly_name="Never"
        )


class Messages(SandboxTest):
    def fetch_until(self, sid, statuses):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            message = self.client.messages(sid).fetch()
            if message.status in statuses:
                return message
            time.sleep(0.02)
        self.fail("message %s is still %s" % (sid, message.status))

    def test_delivery(self):
        service = self.create_service("Delivery")
        pool = self.client.messaging.services(service.sid).phone_numbers
        pool.create(phone_number_sid=NUMBERS[0])
        message = self.client.messages.create(
            to="+15005550100", messaging_service_sid=service.sid, body="Hello + & = 👍"
        )
        self.assertRegex(message.sid, "^SM[0-9a-f]{32}$")
        self.assertEqual(message.status, "accepted")
        self.assertEqual(message.num_segments, "0")
        self.assertIsNone(message.from_)
        self.assertIsNone(message.date_sent)

        message = self.fetch_until(message.sid, ["delivered", "undelivered", "failed"])
        self.assertEqual((message.status, message.from_), ("delivered", "+15005550011"))
        self.assertEqual(message.body, "Hello + & = 👍")
        self.assertIsInstance(message.date_sent, datetime.datetime)
        self.assertIsNone(message.error_code)
        self.assertEqual(message.messaging_service_sid, service.sid)

    def test_empty_service(self):
        service = self.create_service("Nothing to send with")
        message = self.client.messages.create(
            to="+15005550100", messaging_service_sid=service.sid, body="x"
        )
        self.assertEqual(message.status, "accepted")
        message = self.fetch_until(message.sid, ["delivered", "undelivered", "failed"])
        self.assertEqual((message.status, message.error_code), ("failed", 21704))
        self.assertTrue(message.error_message)

    def test_list(self):
        service = self.create_service("List")
        self.client.messaging.services(service.sid).phone_numbers.create(
            phone_number_sid=NUMBERS[2]
        )
        sids = [
            self.client.messages.create(
                to="+1500555020%d" % n, messaging_service_sid=service.sid, body="x"
            ).sid
            for n in range(3)
        ]
        for sid in sids:
            self.fetch_until(sid, ["delivered"])
        listed = [m.sid for m in self.client.messages.stream(page_size=1)]
        self.assertEqual(set(sids) - set(listed), set())
        self.assertEqual([m.sid for m in self.client.messages.list(to="+15005550201")], sids[1:2])
        sent = [m.sid for m in self.client.messages.list(from_="+15005550013")]
        self.assertEqual(set(sent), set(sids))
        today = datetime.datetime.now(datetime.timezone.utc).date()
        week = datetime.timedelta(days=7)
        recent = self.client.messages.list(to="+15005550201", date_sent_after=today - week)
        self.assertEqual([m.sid for m in recent], sids[1:2])
        self.assertEqual(self.client.messages.list(date_sent_before=today - week), [])

    def test_refusals(self):
        service = self.create_service("Refusals")
        create = self.client.messages.create
        via = {"messaging_service_sid": service.sid}
        self.assert_refused(
            400, 21211, "+15005550001", create, to="+15005550001", body="x", **via
        )
        self.assert_refused(400, 21614, "", create, to="+15005550009", body="x", **via)
        self.assert_refused(400, 21603, "", create, to="+15005550100", body="x")
        self.assert_refused(
            404,
            21701,
            "",
            create,
            to="+15005550100",
            body="x",
            messaging_service_sid="MG" + "0" * 32,
        )
        self.assert_refused(
            404, 20404, "was not found", self.client.messages("SM" + "0" * 32).fetch
        )


if __name__ == "__main__":
    unittest.main()
