#include "http/http_job.h"

#include "base/memory.h"

#include <stdlib.h>

struct job *job_new(const struct http_request *request)
{
    struct job *job = memory_zeroed(sizeof(*job));
    size_t i;

    job->request = *request;
    job->request.url = memory_strdup(request->url);
    job->request.user = memory_strdup(request->user);
    job->request.password = memory_strdup(request->password);
    job->request.form = memory_strdup(request->form);
    job->request.json = memory_strdup(request->json);
    job->request.accept = memory_strdup(request->accept);
    for (i = 0; i < HTTP_EXTRA_HEADERS; i++)
        job->request.extra[i].value = memory_strdup(request->extra[i].value);
    return job;
}

void job_free(struct job *job)
{
    size_t i;

    /* The casts drop the const that the request has for its users: the copies are ours. */
    free((char *)job->request.url);
    memory_wipe((char *)job->request.user);
    memory_wipe((char *)job->request.password);
    memory_wipe((char *)job->request.form);
    memory_wipe((char *)job->request.json);
    free((char *)job->request.accept);
    for (i = 0; i < HTTP_EXTRA_HEADERS; i++)
        memory_wipe((char *)job->request.extra[i].value);
    free(job);
}

void job_list_push(struct job_list *list, struct job *job)
{
    job->next = NULL;
    if (list->last == NULL)
        list->first = job;
    else
        list->last->next = job;
    list->last = job;
}

struct job *job_list_pop(struct job_list *list)
{
    struct job *job = list->first;

    if (job == NULL)
        return NULL;
    list->first = job->next;
    if (list->first == NULL)
        list->last = NULL;
    return job;
}
