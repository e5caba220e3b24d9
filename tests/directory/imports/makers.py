"""Contacts files as their makers' programs write them, made from what is published about each format.

Real exports could not be tried. Looked up on December 2, 2026:

- Google Contacts, today's columns: the headings with which exports of 2024 to 2026 begin, as quoted by programs that
  read them (First Name to Labels, then "E-mail 1 - Label", "E-mail 1 - Value" and so on); those of before 2024 (Name,
  Given Name, ..., "Organization 1 - Name"): gist.github.com/mitcdh/234b437cd75bbe27c300ea7f44b4849a.
- Outlook in English: the 92 headings of its CSV export, as quoted by programs that write them, such as
  Tekki::Graph::ContactDownloader; in Spanish: the headings in `mapeo_outlook_express_es.php` of TFSLA/Proficient.
- vCard 3.0: RFC 2426, and an iPhone's grouped properties (item1.EMAIL, X-ABLabel); vCard 4.0: RFC 6350, and
  Thunderbird's `addressbook.json` of comm-central; vCard 2.1 with quoted-printable, as Android writes it.
"""

GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,"
    "Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,"
    "Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City\n"
    "Ann,,Lee,,,,Dr.,,,,Grace Church,Pastor,,1970-04-05,Met at the vigil,https://example.org/ann.jpg,* myContacts,"
    "* Work,ann@grace.example,* Home,ann@home.example,Mobile,512-555-0143,Home,9 Elm Street,9 Elm Street,Riverbend\n"
    "José,Luis,Núñez,,,,,,,,,,,,,,* myContacts,* Home,jose@example.org ::: jl@example.org,,,,,,,,\n"
    "Dana,,,,,,,,,,County Hospital,,,,,,* myContacts,,,,,,512-555-0199,,,,\n"
    ",,,,,,,,,,Pizza Palace,,,,,,* myContacts,,,,,Work,512-555-0100,,,,\n"
)
GOOGLE_BEFORE_2024 = (
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Birthday,Notes,Group Membership,E-mail 1 - Type,"
    "E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Type,Organization 1 - Name\n"
    "Ann Lee,Ann,,Lee,,1970-04-05,Met at the vigil,* myContacts,* Work,ann@grace.example,Mobile,512-555-0143,,"
    "Grace Church\n"
)
OUTLOOK = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business Street 2,"
    "Business Street 3,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,"
    "Home Street 2,Home Street 3,Home City,Home State,Home Postal Code,Home Country/Region,Other Street,"
    "Other Street 2,Other Street 3,Other City,Other State,Other Postal Code,Other Country/Region,Assistant's Phone,"
    "Business Fax,Business Phone,Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,Home Phone,"
    "Home Phone 2,ISDN,Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Radio Phone,TTY/TDD Phone,Telex,"
    "Account,Anniversary,Assistant's Name,Billing Information,Birthday,Business Address PO Box,Categories,Children,"
    "Directory Server,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,E-mail 2 Type,"
    "E-mail 2 Display Name,E-mail 3 Address,E-mail 3 Type,E-mail 3 Display Name,Gender,Government ID Number,Hobby,"
    "Home Address PO Box,Initials,Internet Free Busy,Keywords,Language,Location,Manager's Name,Mileage,Notes,"
    "Office Location,Organizational ID Number,Other Address PO Box,Priority,Private,Profession,Referred By,"
    "Sensitivity,Spouse,User 1,User 2,User 3,User 4,Web Page"
)


def outlook(**values: str) -> str:
    """Returns Outlook's export of one contact, with values by heading (a space is written as _)."""
    head = OUTLOOK.split(",")
    cells = [values.get(name.replace(" ", "_").replace("-", "_"), "") for name in head]
    return f"{OUTLOOK}\r\n" + ",".join(f'"{cell}"' for cell in cells) + "\r\n"


OUTLOOK_SPANISH = (
    "Puesto;Nombre;Inicial;Apellidos;Organización;Departamento;Dirección del trabajo;Ciudad de trabajo;"
    "Teléfono móvil;Fax particular;Teléfono particular;Nombre del asistente;Fecha Nacimiento;"
    "Dirección de correo electrónico;Dirección de correo electrónico 2;Teléfono del trabajo;Notas\r\n"
    "Pastora;Ana;;Muñoz Peña;Iglesia Gracia;;Calle 1;Riverbend;512-555-0143;;512-555-0177;;5/4/1970;"
    "ana@gracia.example;;512-555-0101;La conocí en la vigilia\r\n"
)
VCARD_3 = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lee;Ann;;Dr.;\r\nFN:Dr. Ann Lee\r\nORG:Grace Church\\, Inc.;Outreach\r\n"
    "TITLE:Pastor\r\nitem1.EMAIL;type=INTERNET;type=HOME:ann@home.example\r\n"
    "item2.EMAIL;type=INTERNET;type=WORK;type=pref:ann@grace.example\r\nitem2.X-ABLabel:_$!<Work>!$_\r\n"
    "TEL;type=HOME;type=VOICE:512-555-0177\r\nTEL;type=CELL;type=VOICE:512-555-0143\r\n"
    "item3.ADR;type=HOME:;;9 Elm Street;Riverbend;TX;78700;USA\r\nBDAY:1970-04-05\r\nNOTE:Met at the vigil\\, \r\n"
    "  in spring\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgICAgMC\r\n"
    " AgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD=\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Reyes;Dan;;;\r\nFN:Dan Reyes\r\nEND:VCARD\r\n"
)
VCARD_4 = (
    "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:José Núñez\r\nEMAIL;PREF=1:jose@example.org\r\nEMAIL:second@example.org\r\n"
    "NICKNAME:Pepe\r\nNOTE:Notes line 1\\nNotes line 2\r\nORG:County Hospital;Ward 2\r\nBDAY;VALUE=DATE:19700405\r\n"
    "N:Núñez;José;;;\r\nADR;TYPE=home:;;9 Elm Street;Riverbend;TX;78700;USA\r\n"
    'TEL;TYPE="cell,voice";VALUE=uri:tel:+1-512-555-0143\r\nTEL;TYPE=fax;VALUE=TEXT:345-678-9012\r\nEND:VCARD\r\n'
)
VCARD_2 = (
    "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=4E=C3=BA=C3=B1=65=7A;=4A=6F=73=C3=A9;;;\n"
    "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=4A=6F=73=C3=A9=20=4E=C3=BA=\n=C3=B1=65=7A\n"
    "TEL;CELL:512-555-0143\nEMAIL;HOME:jose@example.org\nEND:VCARD\n"
)
