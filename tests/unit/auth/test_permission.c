/* Nine permissions, six roles, three of them for keys. */
#include "agnostic/auth/permission.h"
#include "json_help.h"

static const char *const WORDS[PERM__COUNT] = {
    "sessions:read",  "sessions:write", "sessions:delete",  "agents:control", "reports:generate",
    "reports:export", "users:manage",   "system:configure", "api:access",
};

static permission_set set_of(const char *json) {
    struct json *words = json_of(json);
    permission_set set = permission_read(words);
    json_free(words);
    return set;
}

static void words_are_the_original_ones_in_its_order(void **unused) {
    (void)unused;
    for (int i = 0; i < PERM__COUNT; i++)
        assert_string_equal(permission_word((enum permission)i), WORDS[i]);
}

static void unknown_words_and_things_that_are_no_words_are_ignored(void **unused) {
    (void)unused;
    assert_int_equal(set_of("[\"api:access\",\"root\",1,null,[\"users:manage\"],\"API:ACCESS\"]"),
                     PERM_BIT(PERM_API_ACCESS));
    assert_int_equal(set_of("\"api:access\""), 0);
    assert_int_equal(set_of("{\"api:access\":true}"), 0);
    assert_int_equal(permission_read(NULL), 0);
}

static void a_set_reads_back_as_it_was_written(void **unused) {
    (void)unused;
    struct buf buf;
    struct json_out out;
    buf_init(&buf, 4096);
    json_out_init(&out, &buf);
    permission_put(PERM_ALL, &out);
    assert_int_equal(set_of(buf_str(&buf)), PERM_ALL);
    buf_done(&buf);
}

static void assert_words(bool (*lookup)(struct text, permission_set *), const char *role,
                         const char *expected) {
    permission_set set;
    assert_true(lookup(text_of(role), &set));
    assert_int_equal(set, set_of(expected));
}

static void people_have_the_permissions_of_their_role(void **unused) {
    (void)unused;
    permission_set set;
    assert_words(permission_role, "viewer", "[\"sessions:read\",\"reports:generate\"]");
    assert_words(permission_role, "api_user",
                 "[\"sessions:read\",\"sessions:write\",\"api:access\"]");
    assert_words(permission_role, "qa_engineer",
                 "[\"sessions:read\",\"sessions:write\",\"agents:control\",\"reports:generate\"]");
    assert_words(permission_role, "team_lead",
                 "[\"sessions:read\",\"sessions:write\",\"agents:control\",\"reports:generate\","
                 "\"reports:export\"]");
    assert_true(permission_role(TEXT("org_admin"), &set));
    assert_int_equal(set, PERM_ALL & ~PERM_BIT(PERM_SYSTEM_CONFIGURE));
    assert_true(permission_role(TEXT("super_admin"), &set));
    assert_int_equal(set, PERM_ALL);
    assert_false(permission_role(TEXT("admin"), &set));
}

static void keys_have_three_roles_and_api_access(void **unused) {
    (void)unused;
    permission_set set = 12345;
    assert_words(permission_key_role, "api_user",
                 "[\"sessions:read\",\"sessions:write\",\"api:access\"]");
    assert_words(permission_key_role, "qa_engineer",
                 "[\"sessions:read\",\"sessions:write\",\"agents:control\",\"reports:generate\","
                 "\"api:access\"]");
    assert_false(permission_key_role(TEXT("org_admin"), &set));
    assert_false(permission_key_role(TEXT("viewer"), &set));
    assert_false(permission_key_role(TEXT(""), &set));
    assert_int_equal(set, 12345);
    assert_true(permission_key_role(TEXT("super_admin"), &set));
    assert_int_equal(set, PERM_ALL);
}

static void the_text_names_every_role_a_key_may_have(void **unused) {
    (void)unused;
    struct text rest = text_of(permission_key_roles()), part;
    permission_set set;
    int roles = 0;
    for (int i = 0; text_cut(&rest, '\'', &part); i++) {
        if (i % 2 == 1) {
            assert_true(permission_key_role(part, &set));
            roles++;
        }
    }
    assert_int_equal(roles, 3);
}

static void nobody_may_what_is_not_in_his_set(void **unused) {
    (void)unused;
    struct principal principal = {.permissions = PERM_BIT(PERM_SESSIONS_READ)};
    assert_true(principal_may(&principal, PERM_SESSIONS_READ));
    assert_false(principal_may(&principal, PERM_SESSIONS_WRITE));
    assert_false(principal_may(&principal, PERM_SYSTEM_CONFIGURE));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_the_original_ones_in_its_order),
        cmocka_unit_test(unknown_words_and_things_that_are_no_words_are_ignored),
        cmocka_unit_test(a_set_reads_back_as_it_was_written),
        cmocka_unit_test(people_have_the_permissions_of_their_role),
        cmocka_unit_test(keys_have_three_roles_and_api_access),
        cmocka_unit_test(the_text_names_every_role_a_key_may_have),
        cmocka_unit_test(nobody_may_what_is_not_in_his_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
