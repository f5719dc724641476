#include "http/http_engine.h"

#include "base/memory.h"
#include "base/random.h"
#include "http/flow.h"
#include "http/http_transfer.h"
#include "http/sigpipe.h"
#include "http/timers.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    DEFAULT_PARALLELISM = 32,
    DEFAULT_CONNECT_TIMEOUT_MS = 10 * 1000,
    DEFAULT_TOTAL_TIMEOUT_MS = 30 * 1000,
    DEFAULT_MAX_BODY = 16 * 1024 * 1024,
    LONGEST_POLL_MS = 60 * 1000,
    WATCH_MS = 100,
};

/* A submitted request, until its callback. It is queued, in flight or waiting for its retry. */
struct job {
    struct http_request request; /* its strings are the job's own */
    http_callback *callback;
    void *context;
    unsigned attempts;
    int64_t started_ms; /* the first attempt, by the config's clock */
    uint64_t number;    /* of this attempt, for the flow */
    struct job *next;
};

struct job_list {
    struct job *first, *last;
};

struct http_engine {
    CURLM *multi;
    unsigned parallelism;
    struct transfer_settings settings;
    const struct retry_policy *retry;
    const struct clock *clock;
    struct random_state random;
    struct flow flow;       /* by the machine's clock, which is what poll waits by */
    enum flow_wait held;    /* by what the next request was held back last */
    struct timers waiting;  /* retries; by the machine's clock, too */
    struct job_list urgent; /* goes first, retries included */
    struct job_list due;    /* goes second: retries whose wait is over */
    struct job_list queued;
    struct transfer *slots; /* `parallelism` of them */
    struct transfer *idle;  /* those that are not in flight */
    http_watcher *watcher;
    void *watcher_context;
    int64_t watched_ms;
    struct http_engine_stats stats;
    bool running;
    bool working; /* between turns: something was left to do */
};

static int64_t now(void)
{
    return clock_monotonic(&clock_system);
}

static void push_job(struct job_list *list, struct job *job)
{
    job->next = NULL;
    if (list->last == NULL)
        list->first = job;
    else
        list->last->next = job;
    list->last = job;
}

static struct job *pop_job(struct job_list *list)
{
    struct job *job = list->first;

    if (job == NULL)
        return NULL;
    list->first = job->next;
    if (list->first == NULL)
        list->last = NULL;
    return job;
}

static void free_job(struct job *job)
{
    size_t i;

    /* The casts drop the const that the request has for its users: the copies are ours. */
    free((char *)job->request.url);
    memory_wipe((char *)job->request.user);
    memory_wipe((char *)job->request.password);
    memory_wipe((char *)job->request.form);
    free((char *)job->request.accept);
    for (i = 0; i < HTTP_EXTRA_HEADERS; i++)
        memory_wipe((char *)job->request.extra[i].value);
    free(job);
}

static void init_settings(struct transfer_settings *settings,
                          const struct http_engine_config *config)
{
    settings->connect_timeout_ms =
        config->connect_timeout_ms == 0 ? DEFAULT_CONNECT_TIMEOUT_MS : config->connect_timeout_ms;
    settings->total_timeout_ms =
        config->total_timeout_ms == 0 ? DEFAULT_TOTAL_TIMEOUT_MS : config->total_timeout_ms;
    settings->max_body = config->max_body == 0 ? DEFAULT_MAX_BODY : config->max_body;
    settings->ca_file = memory_strdup(config->ca_file);
    settings->user_agent =
        memory_strdup(config->user_agent == NULL ? "roster" : config->user_agent);
}

static void init_slots(struct http_engine *engine)
{
    unsigned i;

    engine->slots = memory_zeroed(engine->parallelism * sizeof(*engine->slots));
    for (i = 0; i < engine->parallelism; i++) {
        engine->slots[i].next = engine->idle;
        engine->idle = &engine->slots[i];
    }
}

static CURLM *new_multi(unsigned parallelism)
{
    CURLM *multi = curl_multi_init();

    if (multi == NULL)
        return NULL;
    /* Room for every kept-alive connection to both of the API's hosts. */
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)parallelism * 2);
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    return multi;
}

struct http_engine *http_engine_new(const struct http_engine_config *config, struct diag *diag)
{
    struct http_engine *engine;

    if (config->ca_file != NULL && access(config->ca_file, R_OK) != 0) {
        diag_error(diag, NULL, "cannot read the CA file %s: %s", config->ca_file, strerror(errno));
        return NULL;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        diag_error(diag, NULL, "cannot set up libcurl");
        return NULL;
    }
    engine = memory_zeroed(sizeof(*engine));
    engine->parallelism = config->parallelism == 0 ? DEFAULT_PARALLELISM : config->parallelism;
    engine->retry = config->retry == NULL ? &retry_policy_default : config->retry;
    engine->clock = config->clock == NULL ? &clock_system : config->clock;
    if (config->seed == 0)
        random_init(&engine->random);
    else
        random_seed(&engine->random, config->seed);
    flow_init(&engine->flow, engine->parallelism, config->rate, now());
    init_settings(&engine->settings, config);
    init_slots(engine);
    engine->multi = new_multi(engine->parallelism);
    if (engine->multi == NULL) {
        diag_error(diag, NULL, "cannot set up libcurl's multi interface");
        http_engine_free(engine);
        return NULL;
    }
    return engine;
}

static void free_jobs(struct http_engine *engine)
{
    struct job *job;

    while ((job = pop_job(&engine->urgent)) != NULL)
        free_job(job);
    while ((job = pop_job(&engine->due)) != NULL)
        free_job(job);
    while ((job = pop_job(&engine->queued)) != NULL)
        free_job(job);
    while ((job = timers_take_due(&engine->waiting, INT64_MAX)) != NULL)
        free_job(job);
}

void http_engine_free(struct http_engine *engine)
{
    struct sigpipe held;
    unsigned i;

    if (engine == NULL)
        return;
    assert(!engine->running);
    sigpipe_hold(&held);
    for (i = 0; i < engine->parallelism; i++) {
        struct transfer *transfer = &engine->slots[i];
        if (transfer->owner != NULL) {
            curl_multi_remove_handle(engine->multi, transfer->easy);
            free_job(transfer->owner);
        }
        transfer_release(transfer);
    }
    curl_multi_cleanup(engine->multi);
    curl_global_cleanup();
    sigpipe_release(&held);
    free_jobs(engine);
    timers_release(&engine->waiting);
    free(engine->slots);
    free(engine->settings.ca_file);
    free(engine->settings.user_agent);
    free(engine);
}

void http_engine_submit(struct http_engine *engine, const struct http_request *request,
                        http_callback *callback, void *context)
{
    struct job *job = memory_zeroed(sizeof(*job));
    size_t i;

    job->request.method = request->method;
    job->request.url = memory_strdup(request->url);
    job->request.user = memory_strdup(request->user);
    job->request.password = memory_strdup(request->password);
    job->request.form = memory_strdup(request->form);
    job->request.accept = memory_strdup(request->accept);
    job->request.urgent = request->urgent;
    for (i = 0; i < HTTP_EXTRA_HEADERS; i++) {
        job->request.extra[i].name = request->extra[i].name;
        job->request.extra[i].value = memory_strdup(request->extra[i].value);
    }
    job->callback = callback;
    job->context = context;
    if (request->delay_ms > 0)
        timers_add(&engine->waiting, now() + request->delay_ms, job);
    else
        push_job(request->urgent ? &engine->urgent : &engine->queued, job);
    engine->stats.requests++;
}

/* Calls back and forgets the job. */
static void answer(struct http_engine *engine, struct job *job, struct http_response *response)
{
    response->attempts = job->attempts;
    if (job->attempts > 0)
        response->duration_ms = clock_monotonic(engine->clock) - job->started_ms;
    job->callback(job->context, response);
    free_job(job);
}

/* Answers with a fault that is not one of the network. */
static void refuse(struct http_engine *engine, struct job *job, const char *what, const char *why)
{
    struct http_response response = {
        .fault = HTTP_FAULT_PROTOCOL, .body = "", .content_type = "", .request_id = ""};
    struct buf error;

    buf_init(&error, 4096);
    buf_printf(&error, "%s: %s", what, why);
    response.error = buf_text(&error);
    answer(engine, job, &response);
    buf_release(&error);
}

static void release_slot(struct http_engine *engine, struct transfer *transfer)
{
    transfer_clear(transfer);
    transfer->next = engine->idle;
    engine->idle = transfer;
}

static void start(struct http_engine *engine, struct job *job)
{
    struct transfer *transfer = engine->idle;
    CURLMcode code;

    engine->idle = transfer->next;
    transfer_prepare(transfer, &engine->settings, &job->request);
    transfer->owner = job;
    code = curl_multi_add_handle(engine->multi, transfer->easy);
    if (code != CURLM_OK) {
        release_slot(engine, transfer);
        refuse(engine, job, "the request could not be started", curl_multi_strerror(code));
        return;
    }
    if (job->attempts++ == 0)
        job->started_ms = clock_monotonic(engine->clock);
    engine->stats.attempts++;
    job->number = flow_sent(&engine->flow, now());
    if (engine->flow.window.in_flight > engine->stats.in_flight_peak)
        engine->stats.in_flight_peak = engine->flow.window.in_flight;
}

/* The list that the next request comes from; NULL when nothing is ready to be sent. */
static struct job_list *next_list(struct http_engine *engine)
{
    if (engine->urgent.first != NULL)
        return &engine->urgent;
    if (engine->due.first != NULL)
        return &engine->due;
    return engine->queued.first != NULL ? &engine->queued : NULL;
}

static void take_due(struct http_engine *engine)
{
    struct job *job;

    while ((job = timers_take_due(&engine->waiting, now())) != NULL)
        push_job(job->request.urgent ? &engine->urgent : &engine->due, job);
}

static void start_ready(struct http_engine *engine)
{
    struct job_list *list;
    const char *why;
    int64_t wait_ms;

    take_due(engine);
    engine->held = FLOW_FREE;
    while ((list = next_list(engine)) != NULL) {
        if (!http_url_allowed(list->first->request.url, &why)) {
            refuse(engine, pop_job(list), "the request's URL is not allowed", why);
            continue;
        }
        engine->held = flow_next(&engine->flow, now(), &wait_ms);
        if (engine->held != FLOW_FREE)
            return;
        start(engine, pop_job(list));
    }
}

/* How long the answer asks to wait; -1 when it does not. */
static int64_t asked_ms(const struct http_engine *engine, struct transfer *transfer)
{
    const char *retry_after = transfer_retry_after(transfer);

    return retry_after == NULL ? -1 : retry_parse_after(retry_after, clock_wall(engine->clock));
}

static struct retry_decision decide(struct http_engine *engine, const struct job *job,
                                    const struct http_response *response, int64_t retry_after_ms)
{
    struct retry_input input = {.method = job->request.method,
                                .fault = response->fault,
                                .status = response->status,
                                .attempt = job->attempts,
                                .retry_after_ms = retry_after_ms,
                                .random = random_unit(&engine->random)};

    input.elapsed_ms = clock_monotonic(engine->clock) - job->started_ms;
    return retry_decide(engine->retry, &input);
}

/* Tells the flow how an attempt ended. */
static void count_end(struct http_engine *engine, struct transfer *transfer,
                      const struct http_response *response, int64_t pause_ms)
{
    const struct job *job = transfer->owner;
    struct flow *flow = &engine->flow;

    if (response->status == 429) {
        engine->stats.throttled++;
        flow_refused(flow, job->number, pause_ms, now());
    } else if (response->fault == HTTP_FAULT_TIMEOUT) {
        flow_timed_out(flow, job->number);
    } else if (response->fault != HTTP_FAULT_NONE) {
        flow_lost(flow);
    } else {
        flow_answered(flow, job->number, (unsigned)job->request.method,
                      transfer_latency_us(transfer), now());
    }
}

/* An attempt has ended: it is repeated later, or its request answered. */
static void conclude(struct http_engine *engine, struct transfer *transfer, CURLcode code)
{
    struct job *job = transfer->owner;
    struct http_response response = {0};
    struct retry_decision decision;
    int64_t retry_after_ms;

    transfer_conclude(transfer, &engine->settings, code, &response);
    retry_after_ms = asked_ms(engine, transfer);
    decision = decide(engine, job, &response, retry_after_ms);
    /* A pause that is too long to be obeyed would hold back for nothing what fails anyway. */
    count_end(engine, transfer, &response,
              decision.again && retry_after_ms > 0 ? decision.delay_ms : -1);
    if (decision.again) {
        engine->stats.retries++;
        timers_add(&engine->waiting, now() + decision.delay_ms, job);
    } else {
        answer(engine, job, &response);
    }
    release_slot(engine, transfer);
}

static void remove_and_conclude(struct http_engine *engine, struct transfer *transfer,
                                CURLcode code)
{
    struct sigpipe held;

    sigpipe_hold(&held);
    curl_multi_remove_handle(engine->multi, transfer->easy);
    sigpipe_release(&held);
    conclude(engine, transfer, code);
}

static void conclude_finished(struct http_engine *engine)
{
    CURLMsg *message;
    char *transfer;
    int left;

    while ((message = curl_multi_info_read(engine->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        remove_and_conclude(engine, (struct transfer *)(void *)transfer, message->data.result);
    }
}

/* The multi handle itself failed, which it does only for want of memory: nothing can go on. */
static void conclude_all(struct http_engine *engine)
{
    unsigned i;

    for (i = 0; i < engine->parallelism; i++)
        if (engine->slots[i].owner != NULL)
            remove_and_conclude(engine, &engine->slots[i], CURLE_OUT_OF_MEMORY);
}

static CURLMcode perform(struct http_engine *engine)
{
    struct sigpipe held;
    CURLMcode code;
    int running;

    sigpipe_hold(&held);
    code = curl_multi_perform(engine->multi, &running);
    sigpipe_release(&held);
    return code;
}

/* The earlier of two waits; -1 is none. */
static int64_t sooner(int64_t a, int64_t b)
{
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    return a < b ? a : b;
}

/* How long until a retry or a request that waits has something to do; -1: nothing waits. */
static int64_t own_wait_ms(struct http_engine *engine)
{
    int64_t wait_ms = timers_wait_ms(&engine->waiting, now()), next_ms;

    if (next_list(engine) == NULL)
        return wait_ms;
    (void)flow_next(&engine->flow, now(), &next_ms);
    return sooner(wait_ms, next_ms);
}

/* Sleeps until curl, a retry, the watcher or a request that waits has something to do. */
static void wait_for_work(struct http_engine *engine)
{
    int64_t wait_ms = own_wait_ms(engine);

    if (wait_ms == 0 || (wait_ms < 0 && engine->flow.window.in_flight == 0))
        return;
    wait_ms = sooner(wait_ms, engine->watcher == NULL ? LONGEST_POLL_MS : WATCH_MS);
    curl_multi_poll(engine->multi, NULL, 0, (int)wait_ms, NULL);
}

static void call_watcher(struct http_engine *engine)
{
    if (engine->watcher == NULL || now() - engine->watched_ms < WATCH_MS)
        return;
    engine->watched_ms = now();
    engine->watcher(engine->watcher_context);
}

static bool has_work(struct http_engine *engine)
{
    return engine->flow.window.in_flight > 0 || next_list(engine) != NULL ||
           engine->waiting.count > 0;
}

/* Starts what may be started, and calls back for what has ended. */
static void work(struct http_engine *engine)
{
    start_ready(engine);
    if (perform(engine) != CURLM_OK)
        conclude_all(engine);
    conclude_finished(engine);
}

void http_engine_run(struct http_engine *engine)
{
    http_engine_run_with(engine, NULL, NULL);
}

void http_engine_run_with(struct http_engine *engine, http_turn *turn, void *context)
{
    assert(!engine->running);
    engine->running = true;
    flow_start(&engine->flow, now());
    while (has_work(engine)) {
        work(engine);
        if (turn != NULL)
            turn(context);
        call_watcher(engine);
        wait_for_work(engine);
    }
    engine->running = false;
}

int http_engine_turn(struct http_engine *engine, int extra_fd, int timeout_ms)
{
    struct curl_waitfd extra = {.fd = extra_fd, .events = CURL_WAIT_POLLIN};
    int64_t wait_ms;

    assert(!engine->running);
    engine->running = true;
    if (has_work(engine) && !engine->working)
        flow_start(&engine->flow, now());
    wait_ms = sooner(timeout_ms, own_wait_ms(engine));
    wait_ms = sooner(wait_ms, LONGEST_POLL_MS);
    if (wait_ms > 0)
        curl_multi_poll(engine->multi, &extra, extra_fd < 0 ? 0 : 1, (int)wait_ms, NULL);
    work(engine);
    engine->working = has_work(engine);
    engine->running = false;
    return engine->working ? 1 : 0;
}

void http_engine_watch(struct http_engine *engine, http_watcher *watcher, void *context)
{
    engine->watcher = watcher;
    engine->watcher_context = context;
    engine->watched_ms = now();
}

const struct http_engine_stats *http_engine_stats(const struct http_engine *engine)
{
    return &engine->stats;
}

void http_engine_pulse(const struct http_engine *engine, struct http_engine_pulse *pulse)
{
    static const enum http_wait waits[] = {
        [FLOW_FREE] = HTTP_WAIT_NONE,
        [FLOW_WINDOW] = HTTP_WAIT_NONE,
        [FLOW_RATE_LIMIT] = HTTP_WAIT_RATE_LIMIT,
        [FLOW_PACE] = HTTP_WAIT_PACE,
        [FLOW_PAUSE] = HTTP_WAIT_PAUSE,
    };
    const struct flow *flow = &engine->flow;
    int64_t pause_ms = flow_pause_ms(flow, now());

    pulse->in_flight = flow->window.in_flight;
    pulse->window = flow->window.size;
    pulse->per_second = (unsigned)((meter_rate(&flow->pace.good, now()) + 500) / 1000);
    pulse->wait = waits[engine->held];
    pulse->wait_ms = 0;
    if (pause_ms > 0) {
        pulse->wait = HTTP_WAIT_PAUSE;
        pulse->wait_ms = pause_ms;
    } else if (engine->held == FLOW_FREE && pulse->in_flight == 0 && engine->waiting.count > 0) {
        pulse->wait = HTTP_WAIT_RETRIES;
        pulse->wait_ms = timers_wait_ms(&engine->waiting, now());
    }
}
