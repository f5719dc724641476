#include "http/http_clients.h"

#include "base/memory.h"

#include <stdlib.h>

static void unlink_client(struct http_clients *clients, struct http_client *client)
{
    if (!client->waiting)
        return;
    *(client->previous == NULL ? &clients->first : &client->previous->next) = client->next;
    *(client->next == NULL ? &clients->last : &client->next->previous) = client->previous;
    client->previous = client->next = NULL;
    client->waiting = false;
}

static void wait_for(struct http_clients *clients, struct http_client *client, int64_t now_ms)
{
    unlink_client(clients, client);
    client->waiting = true;
    client->since_ms = now_ms;
    client->previous = clients->last;
    *(clients->last == NULL ? &clients->first : &clients->last->next) = client;
    clients->last = client;
}

static void set_requested(struct http_clients *clients, struct http_client *client, bool requested)
{
    if (requested && !client->requested)
        clients->requests++;
    else if (!requested && client->requested)
        clients->requests--;
    client->requested = requested;
}

struct http_client *http_clients_add(struct http_clients *clients, void *connection, int64_t now_ms)
{
    struct http_client *client = memory_zeroed(sizeof(*client));

    client->connection = connection;
    wait_for(clients, client, now_ms);
    return client;
}

void http_clients_remove(struct http_clients *clients, struct http_client *client)
{
    set_requested(clients, client, false);
    unlink_client(clients, client);
    free(client);
}

void http_clients_begin(struct http_clients *clients, struct http_client *client)
{
    set_requested(clients, client, true);
}

void http_clients_answer(struct http_clients *clients, struct http_client *client)
{
    client->served = true;
    unlink_client(clients, client);
}

void http_clients_end(struct http_clients *clients, struct http_client *client, int64_t now_ms)
{
    set_requested(clients, client, false);
    /* What was given up waits for its end only. */
    if (!client->too_slow)
        wait_for(clients, client, now_ms);
}

struct http_client *http_clients_take_late(struct http_clients *clients, int64_t before_ms)
{
    struct http_client *client = clients->first;

    if (client == NULL || client->since_ms > before_ms)
        return NULL;
    unlink_client(clients, client);
    client->too_slow = true;
    return client;
}
