#include "twilio/message_error.h"

#include "base/attributes.h"

/* By code. */
const struct message_error message_errors[] = {
    {21211, "the recipient's number is not valid", "correct \"to\""},
    {21212, "the sender is not valid", "look at the senders of the service"},
    {21265, "the recipient is a short code", "send to a phone number"},
    {21266, "sender and recipient are the same number", "send to another number"},
    {21267, "trial accounts can't send from alpha senders", "upgrade the account"},
    {21268, "the recipient is a premium number", "send to another number"},
    {21408, "messages to that country are not enabled for the account",
     "enable the country in the console, Messaging, Settings, Geo permissions"},
    {21602, "the message has no text", "give it a \"body\""},
    {21603, "no sender was given", "send through a service that has senders"},
    {21606, "the sender can't send messages to this destination",
     "give the service a sender that can"},
    {21608, "trial accounts can only send to verified numbers",
     "verify the recipient in the console, or upgrade the account"},
    {21609, "the status callback is not a public http or https URL",
     "correct the URL; localhost and private names are refused"},
    {21610, "the recipient has opted out (STOP)", "have the recipient text START to the sender"},
    {21611, "the sender's queue is full", "send more slowly, or add senders to the service"},
    {21612, "the recipient can't be reached from this sender",
     "give the service a sender that reaches the recipient's country"},
    {21614, "the recipient is not a mobile number", "send to a mobile number"},
    {21617, "the text is longer than 1,600 characters", "shorten \"body\""},
    {21635, "the recipient is a landline", "send to a mobile number"},
    {21657, "the alpha sender is not supported or not registered for that country",
     "register it with Twilio, or use a phone number there"},
    {21659, "the sender is not a Twilio number, or a short code of another country",
     "give the service a sender of the account that serves the destination"},
    {21660, "the sender belongs to another account", "use a sender of this account"},
    {21661, "the sender can't send SMS", "give the service a number that can"},
    {21701, "the messaging service does not exist", "plan and apply the roster first"},
    {21702, "the messaging service can't be used for sending", "look at it in the console"},
    {21703, "the service has senders, but none that can reach this recipient",
     "add a sender for the recipient's country; alpha senders don't work everywhere"},
    {21704, "the service has no senders", "add a phone number, short code or alpha sender"},
    {21705, "the SID of the messaging service is malformed", "report this to roster's makers"},
    {21711, "the sender is not in the service", "add it to the service"},
    {30001, "the queue overflowed", "send more slowly, or add senders to the service"},
    {30002, "the account is suspended", "look at the account's status in the console"},
    {30003, "the handset can't be reached: off, out of reach, or not able to receive",
     "try again later, or with another recipient"},
    {30004, "the recipient or the carrier blocks the message",
     "try another recipient; it may be a landline, or have blocked the sender"},
    {30005, "the handset is not known, or not in service any more", "check \"to\""},
    {30006, "the recipient is a landline or of a carrier that can't be reached",
     "send to a mobile number"},
    {30007, "the carrier or Twilio filtered the message out",
     "look at the text and at the sender's registration"},
    {30008, "the carrier gave no reason", "try again; look at it in the console when it stays"},
    {30010, "the price is above the maximum that was allowed", "raise the maximum price"},
    {30032, "the toll-free number is not verified", "have it verified in the console"},
    {30034, "the US number is not registered for A2P 10DLC",
     "register a brand and a campaign, and the number with it"},
    {30450, "Twilio's SMS pumping protection blocked the message",
     "list the recipient as safe in the console"},
    {63038, "the account has reached its daily limit of messages", "wait, or have it raised"},
};
const size_t message_error_count = COUNT_OF(message_errors);

const struct message_error *message_error_find(int64_t code)
{
    size_t i;

    for (i = 0; i < message_error_count; i++)
        if (message_errors[i].code == code)
            return &message_errors[i];
    return NULL;
}
