#include "render/render.h"

#include "plan/plan_document.h"

void render_json(const struct plan *plan, const struct render_options *options, struct buf *out)
{
    json_t *document = plan_document(plan, options->plan_key);

    plan_document_write(document, out);
    json_decref(document);
}
