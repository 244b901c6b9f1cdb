/* The table. Titles are short names, not the standards' text. */
#include "agents/requirement.h"

static const struct requirement_row ROWS[] = {
    {"OWASP", "A09:2021", "Logging and monitoring"},
    {"ASVS", "1.1", "Secure development lifecycle"},
    {"ASVS", "7.1", "Content of logs"},
    {"ASVS", "10.1", "Code integrity"},
    {"GDPR", "24", "Responsibility of the controller"},
    {"GDPR", "28", "Contracts with processors"},
    {"GDPR", "30", "Records of processing"},
    {"GDPR", "33", "Notification of breaches"},
    {"GDPR", "35", "Impact assessment"},
    {"GDPR", "37", "Data protection officer"},
    {"PCI", "7.2", "Access by need to know"},
    {"PCI", "9.1", "Physical access"},
    {"PCI", "10.2", "Audit logs"},
    {"PCI", "11.4", "Penetration tests"},
    {"PCI", "12.1", "Information security policy"},
    {"PCI", "12.10", "Response to incidents"},
    {"ISO27001", "5.1", "Policies for information security"},
    {"ISO27001", "5.24", "Incident management"},
    {"ISO27001", "6.3", "Awareness and training"},
    {"ISO27001", "7.1", "Physical perimeters"},
    {"ISO27001", "8.13", "Backup"},
    {"SOC2", "CC1", "Control environment"},
    {"SOC2", "CC2", "Communication and information"},
    {"SOC2", "CC3", "Risk assessment"},
    {"SOC2", "CC4", "Monitoring of controls"},
    {"SOC2", "CC5", "Control activities"},
    {"HIPAA", "164.308", "Administrative safeguards"},
    {"HIPAA", "164.310", "Physical safeguards"},
    {"HIPAA", "164.312(b)", "Audit controls"},
    {"HIPAA", "164.316", "Policies and documentation"},
};

const struct requirement_row *requirement_at(size_t index) {
    return index < sizeof(ROWS) / sizeof(ROWS[0]) ? &ROWS[index] : NULL;
}
