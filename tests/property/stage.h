/*
 * The sandbox in a thread of its own, the client that talks to it over loopback, and an observer in
 * between that counts and looks at the account after each write. One stage serves all worlds: the
 * account is exchanged while no request is under way.
 */
#ifndef ROSTER_TESTS_PROPERTY_STAGE_H
#define ROSTER_TESTS_PROPERTY_STAGE_H

#include "world.h"

#include "base/buf.h"
#include "base/random.h"
#include "http/http_server.h"
#include "sandbox/sandbox_server.h"
#include "twilio/client.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct stage {
    struct sandbox_store store;
    struct sandbox_server *sandboxes[2]; /* by alpha_in_destinations */
    struct http_server *server;
    struct twilio_client *client;
    pthread_t thread;
    atomic_bool stop;
    char origin[64];

    pthread_mutex_t lock; /* of what follows, and of the store */
    const struct world *world;
    struct random_state delays;
    const struct sandbox_service *never_empty[WORLD_LIVE_MAX];
    int64_t busy_until[WORLD_LIVE_MAX]; /* when the answer to the last alpha removal goes out */
    size_t requests, writes;
    size_t gone;      /* services asked for that are not there, as verification does */
    struct buf wrong; /* a line for each refused request, and each service found empty */
};

/* Starts thread and client; aborts when that does not work. */
void stage_start(struct stage *stage);
void stage_stop(struct stage *stage);

/* Begins with the account of a world, nothing counted; the world has to stay. */
void stage_set(struct stage *stage, const struct world *world);

/* Writes so far. */
size_t stage_writes(struct stage *stage);

#endif
