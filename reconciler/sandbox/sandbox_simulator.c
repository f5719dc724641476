#include "sandbox/sandbox_simulator.h"

/* What is late comes before the step, if it is due earlier. */
static void on_step(void *context, struct sandbox_message *message)
{
    struct sandbox_simulator *simulator = context;

    sandbox_callbacks_advance(&simulator->callbacks, message->steps[message->reached].at_ms);
    sandbox_callbacks_reached(&simulator->callbacks, message);
}

void sandbox_simulator_init(struct sandbox_simulator *simulator,
                            const struct sandbox_simulator_config *config,
                            struct sandbox_store *store, const struct random_state *random)
{
    *simulator = (struct sandbox_simulator){
        .config = *config,
        .store = store,
        .callbacks = {.store = store,
                      .faults = config->callback_faults,
                      .random = *random,
                      .post = config->post,
                      .context = config->post_context},
    };
    if (!config->manual_clock)
        store->message_ms = 0;
    else if (store->message_ms == 0)
        store->message_ms = clock_wall(config->clock);
    sandbox_life_init(&simulator->life, store, config->message_delay_ms, on_step, simulator);
}

void sandbox_simulator_release(struct sandbox_simulator *simulator)
{
    sandbox_life_release(&simulator->life);
    sandbox_callbacks_release(&simulator->callbacks);
}

int64_t sandbox_simulator_now_ms(const struct sandbox_simulator *simulator)
{
    return simulator->config.manual_clock ? simulator->store->message_ms
                                          : clock_wall(simulator->config.clock);
}

void sandbox_simulator_advance(struct sandbox_simulator *simulator)
{
    int64_t now_ms = sandbox_simulator_now_ms(simulator);

    sandbox_life_advance(&simulator->life, now_ms);
    sandbox_callbacks_advance(&simulator->callbacks, now_ms);
}

void sandbox_simulator_move_clock(struct sandbox_simulator *simulator, int64_t by_ms)
{
    simulator->store->message_ms += by_ms;
    simulator->store->dirty = true;
    sandbox_simulator_advance(simulator);
}

static int64_t sooner(int64_t a, int64_t b)
{
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    return a < b ? a : b;
}

int64_t sandbox_simulator_wait_ms(const struct sandbox_simulator *simulator)
{
    int64_t now_ms = sandbox_simulator_now_ms(simulator);

    if (simulator->config.manual_clock)
        return -1;
    return sooner(sandbox_life_wait_ms(&simulator->life, now_ms),
                  sandbox_callbacks_wait_ms(&simulator->callbacks, now_ms));
}
