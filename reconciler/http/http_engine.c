#include "http/http_engine.h"

#include "base/memory.h"
#include "base/random.h"
#include "http/flow.h"
#include "http/http_job.h"
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
    LONGEST_POLL_MS = 60 * 1000,
    WATCH_MS = 100,
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
    int64_t end_ms; /* by the machine's clock; 0: never */
    struct http_engine_stats stats;
    bool read_only;
    struct http_observer observer; /* all zero: none */
    bool running;
    bool working; /* between turns: something was left to do */
};

static int64_t now(void)
{
    return clock_monotonic(&clock_system);
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
    engine->read_only = config->read_only;
    if (config->observer != NULL)
        engine->observer = *config->observer;
    if (config->seed == 0)
        random_init(&engine->random);
    else
        random_seed(&engine->random, config->seed);
    flow_init(&engine->flow, engine->parallelism, config->rate, now());
    transfer_settings_init(&engine->settings, config);
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

    while ((job = job_list_pop(&engine->urgent)) != NULL)
        job_free(job);
    while ((job = job_list_pop(&engine->due)) != NULL)
        job_free(job);
    while ((job = job_list_pop(&engine->queued)) != NULL)
        job_free(job);
    while ((job = timers_take_due(&engine->waiting, INT64_MAX)) != NULL)
        job_free(job);
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
            job_free(transfer->owner);
        }
        transfer_release(transfer);
    }
    curl_multi_cleanup(engine->multi);
    curl_global_cleanup();
    sigpipe_release(&held);
    free_jobs(engine);
    timers_release(&engine->waiting);
    free(engine->slots);
    transfer_settings_release(&engine->settings);
    free(engine);
}

void http_engine_submit(struct http_engine *engine, const struct http_request *request,
                        http_callback *callback, void *context)
{
    struct job *job = job_new(request);

    job->callback = callback;
    job->context = context;
    job->ready_ms = now() + request->delay_ms;
    if (request->delay_ms > 0)
        timers_add(&engine->waiting, job->ready_ms, job);
    else
        job_list_push(request->urgent ? &engine->urgent : &engine->queued, job);
    engine->stats.requests++;
}

/* Calls back and forgets the job. */
static void answer(struct http_engine *engine, struct job *job, struct http_response *response)
{
    response->attempts = job->attempts;
    if (job->attempts > 0)
        response->duration_ms = clock_monotonic(engine->clock) - job->started_ms;
    engine->stats.finished++;
    job->callback(job->context, response);
    job_free(job);
}

/* Answers with a fault that is not one of the network. */
static void refuse(struct http_engine *engine, struct job *job, enum http_fault fault,
                   const char *what, const char *why)
{
    struct http_response response = {
        .fault = fault, .body = "", .content_type = "", .request_id = ""};
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
        refuse(engine, job, HTTP_FAULT_PROTOCOL, "the request could not be started",
               curl_multi_strerror(code));
        return;
    }
    if (job->attempts++ == 0)
        job->started_ms = clock_monotonic(engine->clock);
    job->queued_ms = now() - job->ready_ms;
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

/* The end has come: what is not urgent is answered without being sent. */
static void expire(struct http_engine *engine)
{
    struct timers waiting = engine->waiting;
    struct job_list over = {0};
    struct timer *timer = waiting.heap;
    struct job *job;

    engine->waiting = (struct timers){0};
    for (; timer != NULL && timer < waiting.heap + waiting.count; timer++) {
        job = timer->item;
        if (job->request.urgent)
            timers_add(&engine->waiting, timer->due_ms, job);
        else
            job_list_push(&over, job);
    }
    timers_release(&waiting);
    while ((job = job_list_pop(&engine->due)) != NULL)
        job_list_push(&over, job);
    while ((job = job_list_pop(&engine->queued)) != NULL)
        job_list_push(&over, job);
    while ((job = job_list_pop(&over)) != NULL)
        refuse(engine, job, HTTP_FAULT_OVER, "the time for the whole run is over",
               job->attempts == 0 ? "nothing was sent" : "it was not sent again");
}

static void take_due(struct http_engine *engine)
{
    struct job *job;

    while ((job = timers_take_due(&engine->waiting, now())) != NULL)
        job_list_push(job->request.urgent ? &engine->urgent : &engine->due, job);
    if (http_engine_is_over(engine))
        expire(engine);
}

/* Whether the request may be sent at all. */
static bool is_allowed(const struct http_engine *engine, const struct http_request *request,
                       const char **what, const char **why)
{
    *what = "the request's URL is not allowed";
    if (!http_url_allowed(request->url, why))
        return false;
    *what = "the request was not sent";
    *why = "this run only reads";
    return request->method == HTTP_GET || !engine->read_only;
}

static void start_ready(struct http_engine *engine)
{
    struct job_list *list;
    const char *what, *why;
    int64_t wait_ms;

    take_due(engine);
    engine->held = FLOW_FREE;
    while ((list = next_list(engine)) != NULL) {
        if (!is_allowed(engine, &list->first->request, &what, &why)) {
            refuse(engine, job_list_pop(list), HTTP_FAULT_PROTOCOL, what, why);
            continue;
        }
        engine->held = flow_next(&engine->flow, now(), &wait_ms);
        if (engine->held != FLOW_FREE)
            return;
        start(engine, job_list_pop(list));
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
                                .repeatable = job->request.repeatable,
                                .fault = response->fault,
                                .status = response->status,
                                .attempt = job->attempts,
                                .retry_after_ms = retry_after_ms,
                                .random = random_unit(&engine->random)};

    struct retry_decision decision;

    input.elapsed_ms = clock_monotonic(engine->clock) - job->started_ms;
    decision = retry_decide(engine->retry, &input);
    if (engine->end_ms != 0 && !job->request.urgent && now() + decision.delay_ms >= engine->end_ms)
        decision.again = false;
    return decision;
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
        engine->stats.answers++;
        engine->stats.answers_us += transfer_latency_us(transfer);
        flow_answered(flow, job->number, (unsigned)job->request.method,
                      transfer_latency_us(transfer), now());
    }
}

/* Whether nobody waits any more for the job's answer: a read's, or of what may come twice. */
static bool is_given_up(const struct http_engine *engine, const struct job *job)
{
    return (job->request.method == HTTP_GET || job->request.repeatable) && !job->request.urgent &&
           http_engine_is_over(engine);
}

/* An attempt has ended: it is repeated later, or its request answered. */
static void conclude(struct http_engine *engine, struct transfer *transfer, CURLcode code)
{
    struct job *job = transfer->owner;
    struct http_response response = {0};
    struct retry_decision decision;
    int64_t retry_after_ms;

    transfer_conclude(transfer, &engine->settings, code, &response);
    if ((response.fault == HTTP_FAULT_TIMEOUT || response.fault == HTTP_FAULT_CONNECT) &&
        is_given_up(engine, job)) {
        response.fault = HTTP_FAULT_OVER;
        response.error = "the time for the whole run is over: the answer was not waited for";
    }
    retry_after_ms = asked_ms(engine, transfer);
    decision = decide(engine, job, &response, retry_after_ms);
    /* A pause that is too long to be obeyed would hold back for nothing what fails anyway. */
    count_end(engine, transfer, &response,
              decision.again && retry_after_ms > 0 ? decision.delay_ms : -1);
    transfer_observe(transfer, &engine->observer, job, &response, &decision);
    if (decision.again) {
        engine->stats.retries++;
        job->ready_ms = now() + decision.delay_ms;
        timers_add(&engine->waiting, job->ready_ms, job);
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

/* The end has come: what is being read is not waited for. */
static void give_up_reads(struct http_engine *engine)
{
    unsigned i;

    for (i = 0; i < engine->parallelism; i++)
        if (engine->slots[i].owner != NULL && is_given_up(engine, engine->slots[i].owner))
            remove_and_conclude(engine, &engine->slots[i], CURLE_OPERATION_TIMEDOUT);
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

static bool has_work(struct http_engine *engine)
{
    return engine->flow.window.in_flight > 0 || next_list(engine) != NULL ||
           engine->waiting.count > 0;
}

/* How long until a retry or a request that waits has something to do; -1: nothing waits. */
static int64_t own_wait_ms(struct http_engine *engine)
{
    int64_t wait_ms = timers_wait_ms(&engine->waiting, now()), next_ms;

    if (next_list(engine) != NULL) {
        (void)flow_next(&engine->flow, now(), &next_ms);
        wait_ms = sooner(wait_ms, next_ms);
    }
    if (engine->end_ms > now() && has_work(engine))
        wait_ms = sooner(wait_ms, engine->end_ms - now());
    return wait_ms;
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

/* Starts what may be started, and calls back for what has ended. */
static void work(struct http_engine *engine)
{
    start_ready(engine);
    if (perform(engine) != CURLM_OK)
        conclude_all(engine);
    conclude_finished(engine);
    if (http_engine_is_over(engine))
        give_up_reads(engine);
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

void http_engine_end_at(struct http_engine *engine, int64_t end_ms)
{
    engine->end_ms = end_ms;
}

bool http_engine_is_over(const struct http_engine *engine)
{
    return engine->end_ms != 0 && now() >= engine->end_ms;
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
    pulse->learned = (unsigned)((flow->pace.bucket.rate + 500) / 1000);
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
