/*
 * What libyaml alone costs: parses a file to events and drops them.
 */
#include <stdio.h>
#include <yaml.h>

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    yaml_parser_t parser;
    yaml_event_t event;
    yaml_event_type_t type = YAML_NO_EVENT;

    if (file == NULL || !yaml_parser_initialize(&parser)) {
        fprintf(stderr, "usage: bare_parse FILE\n");
        return 1;
    }
    yaml_parser_set_input_file(&parser, file);
    while (type != YAML_STREAM_END_EVENT) {
        if (!yaml_parser_parse(&parser, &event)) {
            fprintf(stderr, "bare_parse: %s\n", parser.problem);
            return 1;
        }
        type = event.type;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    fclose(file);
    return 0;
}
