"""Twilio: verifies and reads its webhooks, and answers in TwiML. Its words stay in this folder."""

from callrouter.telephony.twilio.adapter import TwilioProvider

__all__ = ["TwilioProvider"]
