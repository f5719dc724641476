/*
 * Which countries take alpha senders.
 *
 * After Twilio's article "International support for Alphanumeric Sender ID" (help.twilio.com,
 * article 223133767) and its pages "SMS Guidelines" of the countries
 * (twilio.com/en-us/guidelines/<country>/sms). They change all the time: what counts here is that
 * countries of each kind are there.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_ALPHA_H
#define ROSTER_SANDBOX_SANDBOX_ALPHA_H

enum sandbox_alpha {
    SANDBOX_ALPHA_TAKEN,      /* any alpha sender reaches its recipients */
    SANDBOX_ALPHA_REGISTERED, /* only one that was registered there before */
    SANDBOX_ALPHA_REFUSED,
};

/* `country`: ISO 3166, two capitals. Countries that are not listed, and "", take them. */
enum sandbox_alpha sandbox_alpha_in(const char *country);

#endif
