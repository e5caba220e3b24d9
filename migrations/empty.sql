-- 0106
CREATE TABLE accounts_asked_link (
	id INTEGER NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	asked_at DATETIME NOT NULL, language VARCHAR(10) DEFAULT '' NOT NULL, 
	CONSTRAINT ck_accounts_asked_link_email CHECK (email <> ''), 
	CONSTRAINT pk_accounts_asked_link PRIMARY KEY (id), 
	CONSTRAINT uq_accounts_asked_link_email UNIQUE (email)
);
CREATE TABLE accounts_asked_tie (
	id INTEGER NOT NULL, 
	user_id INTEGER, 
	email VARCHAR(254) NOT NULL, 
	issuer VARCHAR(500) NOT NULL, 
	subject VARCHAR(255) NOT NULL, 
	nonce VARCHAR(43) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	asked_at DATETIME NOT NULL, 
	language VARCHAR(10) DEFAULT '' NOT NULL, 
	CONSTRAINT ck_accounts_asked_tie_email CHECK (email <> ''), 
	CONSTRAINT fk_accounts_asked_tie_user_id FOREIGN KEY(user_id) REFERENCES accounts_user (id) ON DELETE CASCADE, 
	CONSTRAINT pk_accounts_asked_tie PRIMARY KEY (id), 
	CONSTRAINT uq_accounts_asked_tie_email UNIQUE (email), 
	CONSTRAINT uq_accounts_asked_tie_token_hash UNIQUE (token_hash)
);
CREATE TABLE accounts_email_change (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	nonce VARCHAR(43) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT ck_accounts_email_change_email CHECK (email <> ''), 
	CONSTRAINT fk_accounts_email_change_user_id FOREIGN KEY(user_id) REFERENCES accounts_user (id) ON DELETE CASCADE, 
	CONSTRAINT pk_accounts_email_change PRIMARY KEY (id), 
	CONSTRAINT uq_accounts_email_change_token_hash UNIQUE (token_hash), 
	CONSTRAINT uq_accounts_email_change_user_id UNIQUE (user_id)
);
CREATE TABLE accounts_known_browser (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	seen_at DATETIME NOT NULL, code_not_asked_until DATETIME, 
	CONSTRAINT fk_accounts_known_browser_user_id FOREIGN KEY(user_id) REFERENCES accounts_user (id) ON DELETE CASCADE, 
	CONSTRAINT pk_accounts_known_browser PRIMARY KEY (id), 
	CONSTRAINT uq_accounts_known_browser_user_id_token_hash UNIQUE (user_id, token_hash)
);
CREATE TABLE "accounts_notice" (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	happened_at DATETIME NOT NULL, 
	browser VARCHAR(20) NOT NULL, 
	system VARCHAR(20) NOT NULL, 
	dismissed_at DATETIME, 
	letter VARCHAR(40) NOT NULL, 
	address VARCHAR(254) NOT NULL, 
	tries INTEGER NOT NULL, 
	about_id INTEGER, 
	language VARCHAR(10) DEFAULT ('') NOT NULL, 
	CONSTRAINT ck_accounts_notice_letterstate CHECK (letter IN ('none', 'waiting', 'claimed', 'sent', 'failed')), 
	CONSTRAINT ck_accounts_notice_noticekind CHECK (kind IN ('new_sign_in', 'password', 'password_link', 'email', 'confirm_email', 'link_asked', 'second_factor_on', 'second_factor_off', 'recovery_codes', 'recovery_code_used', 'link_for_someone', 'second_factor_off_for_someone', 'coordinator_link', 'passkey_added', 'passkey_removed', 'password_removed', 'sign_in_link', 'provider_asked', 'provider_tied', 'provider_untied')), 
	CONSTRAINT fk_accounts_notice_about_id FOREIGN KEY(about_id) REFERENCES accounts_user (id) ON DELETE CASCADE, 
	CONSTRAINT fk_accounts_notice_user_id FOREIGN KEY(user_id) REFERENCES accounts_user (id) ON DELETE CASCADE, 
	CONSTRAINT pk_accounts_notice PRIMARY KEY (id)
);
CREATE TABLE accounts_passkey (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	host VARCHAR(253) NOT NULL, 
	credential VARCHAR(1400) NOT NULL, 
	public_key VARCHAR(4000) NOT NULL, 
	sign_count BIGINT NOT NULL, 
	created_at DATETIME NOT NULL, 
	used_at DATETIME, 
	CONSTRAINT ck_accounts_passkey_name CHECK (name <> ''), 
	CONSTRAINT fk_accounts_passkey_user_id FOREIGN KEY(user_id) REFERENCES accounts_user (id) ON DELETE CASCADE, 
	CONSTRAINT pk_accounts_passkey PRIMARY KEY (id), 
	CONSTRAINT uq_accounts_passkey_credential UNIQUE (credential)
);
CREATE TABLE accounts_password_link (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	made_by_id INTEGER, 
	token_hash VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, nonce VARCHAR(43) DEFAULT '' NOT NULL, 
	CONSTRAINT fk_accounts_password_link_made_by_id FOREIGN KEY(made_by_id) REFERENCES accounts_user (id) ON DELETE SET NULL, 
	CONSTRAINT fk_accounts_password_link_user_id FOREIGN KEY(user_id) REFERENCES accounts_user (id) ON DELETE CASCADE, 
	CONSTRAINT pk_accounts_password_link PRIMARY KEY (id), 
	CONSTRAINT uq_accounts_password_link_token_hash UNIQUE (token_hash)
);
CREATE TABLE accounts_provider_tie (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	issuer VARCHAR(500) NOT NULL, 
	subject VARCHAR(255) NOT NULL, 
	tied_at DATETIME NOT NULL, 
	used_at DATETIME, 
	is_own BOOLEAN DEFAULT 1 NOT NULL, 
	CONSTRAINT fk_accounts_provider_tie_user_id FOREIGN KEY(user_id) REFERENCES accounts_user (id) ON DELETE CASCADE, 
	CONSTRAINT pk_accounts_provider_tie PRIMARY KEY (id), 
	CONSTRAINT uq_accounts_provider_tie_issuer_subject UNIQUE (issuer, subject), 
	CONSTRAINT uq_accounts_provider_tie_user_id_issuer UNIQUE (user_id, issuer)
);
CREATE TABLE accounts_recovery_code (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	code_hash VARCHAR(64) NOT NULL, 
	used_at DATETIME, 
	CONSTRAINT fk_accounts_recovery_code_user_id FOREIGN KEY(user_id) REFERENCES accounts_user (id) ON DELETE CASCADE, 
	CONSTRAINT pk_accounts_recovery_code PRIMARY KEY (id), 
	CONSTRAINT uq_accounts_recovery_code_user_id_code_hash UNIQUE (user_id, code_hash)
);
CREATE TABLE "accounts_session" (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	last_seen_at DATETIME NOT NULL, 
	browser VARCHAR(20) NOT NULL, 
	system VARCHAR(20) NOT NULL, 
	proved_at DATETIME, 
	holds_keys BOOLEAN NOT NULL, 
	is_own BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT fk_accounts_session_user_id FOREIGN KEY(user_id) REFERENCES accounts_user (id) ON DELETE CASCADE, 
	CONSTRAINT pk_accounts_session PRIMARY KEY (id), 
	CONSTRAINT uq_accounts_session_token_hash UNIQUE (token_hash)
);
CREATE TABLE accounts_setup_link (
	id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_accounts_setup_link PRIMARY KEY (id)
);
CREATE TABLE accounts_sign_in_link (
	id INTEGER NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	user_id INTEGER, 
	browser_hash VARCHAR(64) NOT NULL, 
	nonce VARCHAR(43) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	asked_at DATETIME NOT NULL, 
	wrong_codes INTEGER NOT NULL, 
	is_mailed BOOLEAN NOT NULL, 
	browser VARCHAR(20) NOT NULL, 
	system VARCHAR(20) NOT NULL, 
	language VARCHAR(10) NOT NULL, 
	CONSTRAINT ck_accounts_sign_in_link_email CHECK (email <> ''), 
	CONSTRAINT fk_accounts_sign_in_link_user_id FOREIGN KEY(user_id) REFERENCES accounts_user (id) ON DELETE CASCADE, 
	CONSTRAINT pk_accounts_sign_in_link PRIMARY KEY (id), 
	CONSTRAINT uq_accounts_sign_in_link_browser_hash UNIQUE (browser_hash), 
	CONSTRAINT uq_accounts_sign_in_link_email UNIQUE (email), 
	CONSTRAINT uq_accounts_sign_in_link_token_hash UNIQUE (token_hash)
);
CREATE TABLE accounts_throttle (
	"key" VARCHAR(80) NOT NULL, 
	tokens DOUBLE NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT ck_accounts_throttle_tokens CHECK (tokens >= 0), 
	CONSTRAINT pk_accounts_throttle PRIMARY KEY ("key")
);
CREATE TABLE "accounts_user" (
	id INTEGER NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	password_hash VARCHAR(200) NOT NULL, 
	is_admin BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	disabled_at DATETIME, 
	version INTEGER NOT NULL, 
	second_factor_at DATETIME, 
	second_factor_nonce VARCHAR(64) NOT NULL, 
	second_factor_step BIGINT NOT NULL, 
	notice_at DATETIME, 
	slash_searches BOOLEAN DEFAULT 1 NOT NULL, 
	language VARCHAR(10) DEFAULT ('') NOT NULL, 
	let_in_at DATETIME, 
	mail_is_own BOOLEAN DEFAULT 1 NOT NULL, 
	CONSTRAINT ck_accounts_user_email CHECK (email <> ''), 
	CONSTRAINT ck_accounts_user_name CHECK (name <> ''), 
	CONSTRAINT pk_accounts_user PRIMARY KEY (id), 
	CONSTRAINT uq_accounts_user_email UNIQUE (email)
);
CREATE TABLE "assessment_agreed_value" (
	round_id INTEGER NOT NULL, 
	indicator VARCHAR(60) NOT NULL, 
	value DOUBLE, 
	reason TEXT NOT NULL, 
	agreed_on DATE, 
	set_by_id INTEGER, 
	set_at DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	meeting_id INTEGER, 
	CONSTRAINT ck_assessment_agreed_value_value_has_date CHECK ((value IS NULL) = (agreed_on IS NULL)), 
	CONSTRAINT ck_assessment_agreed_value_value_has_reason CHECK ((value IS NULL) = (reason = '')), 
	CONSTRAINT ck_assessment_agreed_value_value_in_halves CHECK (value IS NULL OR value IN (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4)), 
	CONSTRAINT fk_assessment_agreed_value_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_agreed_value_coalition_id_meeting_id FOREIGN KEY(coalition_id, meeting_id) REFERENCES meetings_meeting (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_assessment_agreed_value_coalition_id_round_id FOREIGN KEY(coalition_id, round_id) REFERENCES assessment_round (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_agreed_value_coalition_id_set_by_id FOREIGN KEY(coalition_id, set_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_assessment_agreed_value PRIMARY KEY (id), 
	CONSTRAINT uq_assessment_agreed_value_round_id_indicator UNIQUE (round_id, indicator)
);
CREATE TABLE "assessment_answer" (
	response_id INTEGER NOT NULL, 
	indicator VARCHAR(60) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	rating INTEGER, 
	note TEXT NOT NULL, 
	answered_at DATETIME, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	note_released BOOLEAN NOT NULL, 
	chosen INTEGER, 
	CONSTRAINT ck_assessment_answer_answerkind CHECK (kind IN ('rating', 'choice', 'dont_know', 'does_not_apply')), 
	CONSTRAINT ck_assessment_answer_choice_has_options CHECK ((kind = 'choice') = (chosen IS NOT NULL)), 
	CONSTRAINT ck_assessment_answer_chosen CHECK (chosen IS NULL OR (chosen >= 1 AND chosen <= 127)), 
	CONSTRAINT ck_assessment_answer_rating CHECK (rating IS NULL OR (rating >= 0 AND rating <= 4)), 
	CONSTRAINT ck_assessment_answer_rating_has_value CHECK ((kind = 'rating') = (rating IS NOT NULL)), 
	CONSTRAINT fk_assessment_answer_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_answer_coalition_id_response_id FOREIGN KEY(coalition_id, response_id) REFERENCES assessment_response (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_assessment_answer PRIMARY KEY (id), 
	CONSTRAINT uq_assessment_answer_response_id_indicator UNIQUE (response_id, indicator)
);
CREATE TABLE assessment_door (
	round_id INTEGER NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	nonce VARCHAR(64) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	opened_at DATETIME NOT NULL, 
	opened_by_id INTEGER, 
	revoked_at DATETIME, 
	crowded_on DATE, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_assessment_door_doorkind CHECK (kind IN ('link', 'slips')), 
	CONSTRAINT fk_assessment_door_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_door_coalition_id_opened_by_id FOREIGN KEY(coalition_id, opened_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_assessment_door_coalition_id_round_id FOREIGN KEY(coalition_id, round_id) REFERENCES assessment_round (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_assessment_door PRIMARY KEY (id), 
	CONSTRAINT uq_assessment_door_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_assessment_door_token_hash UNIQUE (token_hash)
);
CREATE TABLE assessment_draft_set (
	title VARCHAR(120) NOT NULL, 
	questions JSON NOT NULL, 
	created_by_id INTEGER, 
	changed_at DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_assessment_draft_set_title CHECK (title <> ''), 
	CONSTRAINT fk_assessment_draft_set_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_draft_set_coalition_id_created_by_id FOREIGN KEY(coalition_id, created_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_assessment_draft_set PRIMARY KEY (id), 
	CONSTRAINT uq_assessment_draft_set_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE assessment_effort (
	area VARCHAR(60) NOT NULL, 
	who VARCHAR(300) NOT NULL, 
	sort_key VARCHAR(300) NOT NULL, 
	what VARCHAR(300) NOT NULL, 
	for_whom VARCHAR(300) NOT NULL, 
	place VARCHAR(300) NOT NULL, 
	organization_id INTEGER, 
	round_id INTEGER, 
	response_id INTEGER, 
	shared BOOLEAN NOT NULL, 
	added_by_id INTEGER, 
	added_at DATETIME, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_assessment_effort_named_or_added CHECK (round_id IS NULL OR added_by_id IS NULL), 
	CONSTRAINT ck_assessment_effort_response_in_round CHECK (response_id IS NULL OR round_id IS NOT NULL), 
	CONSTRAINT ck_assessment_effort_shared_without_tie CHECK (response_id IS NULL OR NOT shared), 
	CONSTRAINT ck_assessment_effort_what CHECK (what <> ''), 
	CONSTRAINT ck_assessment_effort_who CHECK (who <> ''), 
	CONSTRAINT fk_assessment_effort_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_effort_coalition_id_added_by_id FOREIGN KEY(coalition_id, added_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_assessment_effort_coalition_id_organization_id FOREIGN KEY(coalition_id, organization_id) REFERENCES partners_organization (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_assessment_effort_coalition_id_response_id FOREIGN KEY(coalition_id, response_id) REFERENCES assessment_response (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_effort_coalition_id_round_id FOREIGN KEY(coalition_id, round_id) REFERENCES assessment_round (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_assessment_effort PRIMARY KEY (id)
);
CREATE TABLE assessment_guest (
	round_id INTEGER NOT NULL, 
	response_id INTEGER NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	key_hash VARCHAR(64) NOT NULL, 
	resume_hash VARCHAR(64) NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_assessment_guest_doorkind CHECK (kind IN ('link', 'slips')), 
	CONSTRAINT fk_assessment_guest_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_guest_coalition_id_response_id FOREIGN KEY(coalition_id, response_id) REFERENCES assessment_response (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_guest_coalition_id_round_id FOREIGN KEY(coalition_id, round_id) REFERENCES assessment_round (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_assessment_guest PRIMARY KEY (id), 
	CONSTRAINT uq_assessment_guest_response_id UNIQUE (response_id), 
	CONSTRAINT uq_assessment_guest_round_id_key_hash UNIQUE (round_id, key_hash), 
	CONSTRAINT uq_assessment_guest_round_id_resume_hash UNIQUE (round_id, resume_hash)
);
CREATE TABLE assessment_import (
	round_id INTEGER, 
	made_round BOOLEAN NOT NULL, 
	rows JSON NOT NULL, 
	crowd VARCHAR(64) NOT NULL, 
	columns JSON NOT NULL, 
	words JSON NOT NULL, 
	brought_by_id INTEGER, 
	brought_at DATETIME NOT NULL, 
	taken_back_at DATETIME, 
	shown JSON NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_assessment_import_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_import_coalition_id_brought_by_id FOREIGN KEY(coalition_id, brought_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_assessment_import_coalition_id_round_id FOREIGN KEY(coalition_id, round_id) REFERENCES assessment_round (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_assessment_import PRIMARY KEY (id)
);
CREATE TABLE assessment_offline_key (
	response_id INTEGER NOT NULL, 
	private JSON NOT NULL, 
	handle_hash VARCHAR(64) NOT NULL, 
	taken INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_assessment_offline_key_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_offline_key_coalition_id_response_id FOREIGN KEY(coalition_id, response_id) REFERENCES assessment_response (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_assessment_offline_key PRIMARY KEY (id), 
	CONSTRAINT uq_assessment_offline_key_handle_hash UNIQUE (handle_hash)
);
CREATE TABLE assessment_paper (
	round_id INTEGER NOT NULL, 
	response_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	keyed_by_id INTEGER NOT NULL, 
	keyed_at DATETIME NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_assessment_paper_number CHECK (number >= 1), 
	CONSTRAINT fk_assessment_paper_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_paper_coalition_id_keyed_by_id FOREIGN KEY(coalition_id, keyed_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_assessment_paper_coalition_id_response_id FOREIGN KEY(coalition_id, response_id) REFERENCES assessment_response (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_paper_coalition_id_round_id FOREIGN KEY(coalition_id, round_id) REFERENCES assessment_round (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_assessment_paper PRIMARY KEY (id), 
	CONSTRAINT uq_assessment_paper_response_id UNIQUE (response_id), 
	CONSTRAINT uq_assessment_paper_round_id_number UNIQUE (round_id, number)
);
CREATE TABLE assessment_participant (
	round_id INTEGER NOT NULL, 
	membership_id INTEGER NOT NULL, 
	discipline VARCHAR(60) NOT NULL, 
	took_part BOOLEAN NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_assessment_participant_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_participant_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_assessment_participant_coalition_id_round_id FOREIGN KEY(coalition_id, round_id) REFERENCES assessment_round (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_assessment_participant PRIMARY KEY (id), 
	CONSTRAINT uq_assessment_participant_round_id_membership_id UNIQUE (round_id, membership_id)
);
CREATE TABLE assessment_release (
	round_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	respondents INTEGER NOT NULL, 
	made_at DATETIME NOT NULL, 
	results JSON NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, sets JSON DEFAULT '{}' NOT NULL, 
	CONSTRAINT fk_assessment_release_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_release_coalition_id_round_id FOREIGN KEY(coalition_id, round_id) REFERENCES assessment_round (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_assessment_release PRIMARY KEY (id), 
	CONSTRAINT uq_assessment_release_round_id_number UNIQUE (round_id, number)
);
CREATE TABLE assessment_reopening (
	round_id INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	reopened_by_id INTEGER, 
	reopened_at DATETIME NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_assessment_reopening_reason CHECK (reason <> ''), 
	CONSTRAINT fk_assessment_reopening_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_reopening_coalition_id_reopened_by_id FOREIGN KEY(coalition_id, reopened_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_assessment_reopening_coalition_id_round_id FOREIGN KEY(coalition_id, round_id) REFERENCES assessment_round (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_assessment_reopening PRIMARY KEY (id)
);
CREATE TABLE "assessment_response" (
	round_id INTEGER NOT NULL, 
	respondent_id INTEGER, 
	sector VARCHAR(60) NOT NULL, 
	started_at DATETIME, 
	submitted BOOLEAN NOT NULL, 
	released BOOLEAN NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	taken_back BOOLEAN NOT NULL, 
	language VARCHAR(12) NOT NULL, 
	way VARCHAR(40), 
	CONSTRAINT ck_assessment_response_wayin CHECK (way IN ('account', 'link', 'slips', 'paper')), 
	CONSTRAINT fk_assessment_response_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_response_coalition_id_respondent_id FOREIGN KEY(coalition_id, respondent_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_assessment_response_coalition_id_round_id FOREIGN KEY(coalition_id, round_id) REFERENCES assessment_round (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_assessment_response PRIMARY KEY (id), 
	CONSTRAINT uq_assessment_response_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_assessment_response_round_id_respondent_id UNIQUE (round_id, respondent_id)
);
CREATE TABLE "assessment_round" (
	title VARCHAR(120) NOT NULL, 
	k INTEGER NOT NULL, 
	questions JSON NOT NULL, 
	opened_at DATETIME NOT NULL, 
	opened_by_id INTEGER, 
	closes_on DATE, 
	closed_at DATETIME, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	reopened_at DATETIME, 
	asked VARCHAR(40) NOT NULL, 
	counts_answered BOOLEAN NOT NULL, 
	grouping INTEGER NOT NULL, 
	link_left_out BOOLEAN NOT NULL, 
	by_link INTEGER NOT NULL, 
	by_language JSON NOT NULL, 
	rule_changed BOOLEAN DEFAULT 0 NOT NULL, 
	hides_columns BOOLEAN, 
	brought_in VARCHAR(40) DEFAULT 'none' NOT NULL, 
	CONSTRAINT ck_assessment_round_asked CHECK (asked IN ('everyone', 'invited', 'anyone')), 
	CONSTRAINT ck_assessment_round_broughtin CHECK (brought_in IN ('none', 'some', 'all')), 
	CONSTRAINT ck_assessment_round_k CHECK (k >= 3 AND k <= 20), 
	CONSTRAINT ck_assessment_round_reopened_after_closing CHECK (reopened_at IS NULL OR closed_at IS NOT NULL), 
	CONSTRAINT ck_assessment_round_title CHECK (title <> ''), 
	CONSTRAINT fk_assessment_round_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_round_coalition_id_opened_by_id FOREIGN KEY(coalition_id, opened_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_assessment_round PRIMARY KEY (id), 
	CONSTRAINT uq_assessment_round_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE assessment_slip (
	door_id INTEGER NOT NULL, 
	nonce VARCHAR(64) NOT NULL, 
	code_hash VARCHAR(64) NOT NULL, 
	used BOOLEAN NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_assessment_slip_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_slip_coalition_id_door_id FOREIGN KEY(coalition_id, door_id) REFERENCES assessment_door (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_assessment_slip PRIMARY KEY (id), 
	CONSTRAINT uq_assessment_slip_code_hash UNIQUE (code_hash)
);
CREATE TABLE assessment_start_count (
	"key" VARCHAR(64) NOT NULL, 
	hour DATETIME NOT NULL, 
	starts INTEGER NOT NULL, 
	CONSTRAINT pk_assessment_start_count PRIMARY KEY ("key")
);
CREATE TABLE assessment_talking_point (
	round_id INTEGER NOT NULL, 
	indicator VARCHAR(60) NOT NULL, 
	added_by_id INTEGER, 
	added_at DATETIME NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_assessment_talking_point_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_talking_point_coalition_id_added_by_id FOREIGN KEY(coalition_id, added_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_assessment_talking_point_coalition_id_round_id FOREIGN KEY(coalition_id, round_id) REFERENCES assessment_round (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_assessment_talking_point PRIMARY KEY (id), 
	CONSTRAINT uq_assessment_talking_point_round_id_indicator UNIQUE (round_id, indicator)
);
CREATE TABLE assessment_tally (
	round_id INTEGER NOT NULL, 
	made_on DATE NOT NULL, 
	counts JSON NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_assessment_tally_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_assessment_tally_coalition_id_round_id FOREIGN KEY(coalition_id, round_id) REFERENCES assessment_round (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_assessment_tally PRIMARY KEY (id), 
	CONSTRAINT uq_assessment_tally_round_id UNIQUE (round_id)
);
CREATE TABLE checklist_item (
	"key" VARCHAR(60) NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	state_before VARCHAR(40) NOT NULL, 
	note TEXT NOT NULL, 
	owner_id INTEGER, 
	due_on DATE, 
	proof VARCHAR(500) NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by_id INTEGER, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_checklist_item_itemstate CHECK (state IN ('not_yet', 'in_progress', 'done', 'not_for_us')), 
	CONSTRAINT ck_checklist_item_state_before CHECK (state_before IN ('not_yet', 'in_progress', 'done', 'not_for_us')), 
	CONSTRAINT ck_checklist_item_version CHECK (version >= 1), 
	CONSTRAINT fk_checklist_item_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_checklist_item_coalition_id_changed_by_id FOREIGN KEY(coalition_id, changed_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_checklist_item_coalition_id_owner_id FOREIGN KEY(coalition_id, owner_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_checklist_item PRIMARY KEY (id), 
	CONSTRAINT uq_checklist_item_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_checklist_item_coalition_id_key UNIQUE (coalition_id, "key")
);
CREATE TABLE coalitions_about (
	structure_note TEXT NOT NULL, 
	joining TEXT NOT NULL, 
	expectations TEXT NOT NULL, 
	open_meetings TEXT NOT NULL, 
	statement TEXT NOT NULL, 
	statement_number INTEGER NOT NULL, 
	public_parts JSON NOT NULL, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_coalitions_about_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT pk_coalitions_about PRIMARY KEY (id), 
	CONSTRAINT uq_coalitions_about_coalition_id UNIQUE (coalition_id)
);
CREATE TABLE "coalitions_audit" (
	happened_at DATETIME NOT NULL, 
	actor_id INTEGER, 
	event VARCHAR(40) NOT NULL, 
	thing VARCHAR(60) NOT NULL, 
	thing_id INTEGER, 
	what VARCHAR(60) NOT NULL, 
	old VARCHAR(60), 
	new VARCHAR(60), 
	number INTEGER, 
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_coalitions_audit_auditevent CHECK (event IN ('invitation_made', 'invitation_used', 'invitation_revoked', 'person_added', 'person_approved', 'person_declined', 'role_changed', 'access_paused', 'access_restored', 'person_left', 'person_removed', 'handed_over', 'account_deleted', 'password_link_made', 'setting_changed', 'downloaded', 'imported', 'public_link_made', 'public_link_renewed', 'public_link_revoked', 'calendar_link_made', 'calendar_link_stopped', 'round_opened', 'round_closed', 'round_reopened', 'vote_opened', 'vote_closed', 'vote_reopened', 'vote_started_over', 'deleted_for_good', 'text_reported', 'text_kept', 'text_redacted', 'letter_written', 'referral_link_made', 'referral_link_revoked', 'import_undone', 'site_named', 'site_removed', 'live_link_made', 'live_link_kept', 'live_link_revoked', 'live_titles_let_through')), 
	CONSTRAINT fk_coalitions_audit_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_coalitions_audit_coalition_id_actor_id FOREIGN KEY(coalition_id, actor_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE CASCADE
);
CREATE TABLE "coalitions_coalition" (
	id INTEGER NOT NULL, 
	slug VARCHAR(60) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	community VARCHAR(200) NOT NULL, 
	time_zone VARCHAR(60) NOT NULL, 
	stage VARCHAR(40), 
	structure VARCHAR(40), 
	leadership VARCHAR(40), 
	membership_style VARCHAR(40), 
	mission TEXT NOT NULL, 
	vision TEXT NOT NULL, 
	definitions TEXT NOT NULL, 
	help_name VARCHAR(120) NOT NULL, 
	help_number VARCHAR(40) NOT NULL, 
	help_checked_on DATE, 
	leave_url VARCHAR(300) NOT NULL, 
	created_at DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	active_months INTEGER NOT NULL, 
	quiet_days INTEGER NOT NULL, 
	expected_sectors JSON, 
	closed_at DATETIME, 
	coordinators_need_second_factor BOOLEAN NOT NULL, 
	texts_reported INTEGER NOT NULL, 
	contact_months INTEGER, 
	first_evening_over BOOLEAN DEFAULT 0 NOT NULL, 
	fiscal_month INTEGER NOT NULL, 
	language VARCHAR(10) DEFAULT 'en' NOT NULL, 
	menu_entries JSON DEFAULT '[]' NOT NULL, 
	menu_is_short BOOLEAN DEFAULT 0 NOT NULL, live_tables_ask_on DATE, 
	CONSTRAINT ck_coalitions_coalition_active_months CHECK (active_months >= 1 AND active_months <= 24), 
	CONSTRAINT ck_coalitions_coalition_contact_months CHECK (contact_months >= 1 AND contact_months <= 24), 
	CONSTRAINT ck_coalitions_coalition_fiscal_month CHECK (fiscal_month >= 1 AND fiscal_month <= 12), 
	CONSTRAINT ck_coalitions_coalition_leadership CHECK (leadership IN ('city_or_county', 'one_organization', 'joint', 'concerned_individuals')), 
	CONSTRAINT ck_coalitions_coalition_membershipstyle CHECK (membership_style IN ('formal', 'informal')), 
	CONSTRAINT ck_coalitions_coalition_name CHECK (name <> ''), 
	CONSTRAINT ck_coalitions_coalition_quiet_days CHECK (quiet_days >= 14 AND quiet_days <= 365), 
	CONSTRAINT ck_coalitions_coalition_stage CHECK (stage IN ('new', 'existing')), 
	CONSTRAINT ck_coalitions_coalition_structure CHECK (structure IN ('coalition', 'task_force', 'both')), 
	CONSTRAINT pk_coalitions_coalition PRIMARY KEY (id), 
	CONSTRAINT uq_coalitions_coalition_slug UNIQUE (slug)
);
CREATE TABLE "coalitions_group" (
	kind VARCHAR(40) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	sort_key VARCHAR(120) NOT NULL, 
	purpose TEXT NOT NULL, 
	lead_id INTEGER, 
	review_on DATE, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	is_open BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT ck_coalitions_group_groupkind CHECK (kind IN ('core_team', 'workgroup')), 
	CONSTRAINT ck_coalitions_group_name CHECK (name <> ''), 
	CONSTRAINT fk_coalitions_group_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_coalitions_group_coalition_id_lead_id FOREIGN KEY(coalition_id, lead_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_coalitions_group PRIMARY KEY (id), 
	CONSTRAINT uq_coalitions_group_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_coalitions_group_coalition_id_sort_key UNIQUE (coalition_id, sort_key)
);
CREATE TABLE coalitions_group_ask (
	group_id INTEGER NOT NULL, 
	membership_id INTEGER NOT NULL, 
	asked_at DATETIME NOT NULL, 
	why VARCHAR(300) NOT NULL, 
	answered_at DATETIME, 
	is_welcome BOOLEAN NOT NULL, 
	answer VARCHAR(300) NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_coalitions_group_ask_welcome_is_answered CHECK (answered_at IS NOT NULL OR NOT is_welcome), 
	CONSTRAINT fk_coalitions_group_ask_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_coalitions_group_ask_coalition_id_group_id FOREIGN KEY(coalition_id, group_id) REFERENCES coalitions_group (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_coalitions_group_ask_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_coalitions_group_ask PRIMARY KEY (id), 
	CONSTRAINT uq_coalitions_group_ask_group_id_membership_id UNIQUE (group_id, membership_id)
);
CREATE TABLE coalitions_group_member (
	group_id INTEGER NOT NULL, 
	membership_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, title VARCHAR(80) DEFAULT '' NOT NULL, 
	CONSTRAINT fk_coalitions_group_member_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_coalitions_group_member_coalition_id_group_id FOREIGN KEY(coalition_id, group_id) REFERENCES coalitions_group (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_coalitions_group_member_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_coalitions_group_member PRIMARY KEY (id), 
	CONSTRAINT uq_coalitions_group_member_group_id_membership_id UNIQUE (group_id, membership_id)
);
CREATE TABLE coalitions_help_line (
	"key" VARCHAR(60) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	phone VARCHAR(40) NOT NULL, 
	website VARCHAR(300) NOT NULL, 
	for_whom VARCHAR(200) NOT NULL, 
	hours VARCHAR(120) NOT NULL, 
	checked_on DATE, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_coalitions_help_line_name CHECK (name <> ''), 
	CONSTRAINT fk_coalitions_help_line_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT pk_coalitions_help_line PRIMARY KEY (id), 
	CONSTRAINT uq_coalitions_help_line_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE coalitions_invitation (
	kind VARCHAR(40) NOT NULL, 
	role VARCHAR(40) NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	needs_approval BOOLEAN NOT NULL, 
	label VARCHAR(120) NOT NULL, 
	nonce VARCHAR(43) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by_id INTEGER, 
	claims_id INTEGER, 
	expires_at DATETIME NOT NULL, 
	uses_left INTEGER NOT NULL, 
	revoked_at DATETIME, 
	last_used_at DATETIME, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, sent_at DATETIME, started_at DATETIME, queued_at DATETIME, 
	CONSTRAINT ck_coalitions_invitation_bound_has_email CHECK ((kind = 'bound') = (email <> '')), 
	CONSTRAINT ck_coalitions_invitation_invitationkind CHECK (kind IN ('bound', 'open')), 
	CONSTRAINT ck_coalitions_invitation_open_needs_approval CHECK ((kind = 'bound' AND NOT needs_approval) OR (kind = 'open' AND (needs_approval OR created_by_id IS NULL))), 
	CONSTRAINT ck_coalitions_invitation_role CHECK (role IN ('coordinator', 'member', 'viewer')), 
	CONSTRAINT ck_coalitions_invitation_uses_left CHECK (uses_left >= 0 AND uses_left <= 200), 
	CONSTRAINT fk_coalitions_invitation_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_coalitions_invitation_coalition_id_claims_id FOREIGN KEY(coalition_id, claims_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_coalitions_invitation_coalition_id_created_by_id FOREIGN KEY(coalition_id, created_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_coalitions_invitation PRIMARY KEY (id), 
	CONSTRAINT uq_coalitions_invitation_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_coalitions_invitation_token_hash UNIQUE (token_hash)
);
CREATE TABLE "coalitions_membership" (
	user_id INTEGER, 
	name VARCHAR(120) NOT NULL, 
	sort_key VARCHAR(120) NOT NULL, 
	role VARCHAR(40) NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	phone VARCHAR(40) NOT NULL, 
	shows_email BOOLEAN NOT NULL, 
	shows_phone BOOLEAN NOT NULL, 
	joined_at DATETIME NOT NULL, 
	approved_at DATETIME, 
	approved_by_id INTEGER, 
	disabled_at DATETIME, 
	left_on DATE, 
	came_by VARCHAR(40), 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	accepted_number INTEGER, 
	accepted_on DATE, 
	named_in_public BOOLEAN NOT NULL, understood_at DATETIME, 
	CONSTRAINT ck_coalitions_membership_coordinator_has_account CHECK (user_id IS NOT NULL OR role <> 'coordinator'), 
	CONSTRAINT ck_coalitions_membership_invitationkind CHECK (came_by IN ('bound', 'open')), 
	CONSTRAINT ck_coalitions_membership_name CHECK (name <> ''), 
	CONSTRAINT ck_coalitions_membership_role CHECK (role IN ('coordinator', 'member', 'viewer')), 
	CONSTRAINT fk_coalitions_membership_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_coalitions_membership_coalition_id_approved_by_id FOREIGN KEY(coalition_id, approved_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_coalitions_membership_user_id FOREIGN KEY(user_id) REFERENCES accounts_user (id) ON DELETE SET NULL, 
	CONSTRAINT pk_coalitions_membership PRIMARY KEY (id), 
	CONSTRAINT uq_coalitions_membership_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_coalitions_membership_coalition_id_user_id UNIQUE (coalition_id, user_id)
);
CREATE TABLE coalitions_membership_discipline (
	membership_id INTEGER NOT NULL, 
	discipline VARCHAR(60) NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_coalitions_membership_discipline_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_coalitions_membership_discipline_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_coalitions_membership_discipline PRIMARY KEY (id), 
	CONSTRAINT uq_coalitions_membership_discipline_membership_id_discipline UNIQUE (membership_id, discipline)
);
CREATE TABLE coalitions_position (
	title VARCHAR(80) NOT NULL, 
	membership_id INTEGER, 
	stand_in_id INTEGER, 
	since DATE, 
	until DATE, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_coalitions_position_title CHECK (title <> ''), 
	CONSTRAINT ck_coalitions_position_until CHECK (until IS NULL OR since IS NULL OR until >= since), 
	CONSTRAINT fk_coalitions_position_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_coalitions_position_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_coalitions_position_coalition_id_stand_in_id FOREIGN KEY(coalition_id, stand_in_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_coalitions_position PRIMARY KEY (id), 
	CONSTRAINT uq_coalitions_position_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE coalitions_reported (
	page VARCHAR(200) NOT NULL, 
	reason VARCHAR(40) NOT NULL, 
	reported_at DATETIME NOT NULL, 
	reported_by_id INTEGER, 
	closed_at DATETIME, 
	closed_by_id INTEGER, 
	outcome VARCHAR(40), 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_coalitions_reported_closed CHECK ((closed_at IS NULL) = (outcome IS NULL)), 
	CONSTRAINT ck_coalitions_reported_reportoutcome CHECK (outcome IN ('kept', 'redacted')), 
	CONSTRAINT ck_coalitions_reported_reportreason CHECK (reason IN ('person', 'case', 'contact', 'hurtful', 'other')), 
	CONSTRAINT fk_coalitions_reported_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_coalitions_reported_coalition_id_closed_by_id FOREIGN KEY(coalition_id, closed_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_coalitions_reported_coalition_id_reported_by_id FOREIGN KEY(coalition_id, reported_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_coalitions_reported PRIMARY KEY (id)
);
CREATE TABLE documents_document (
	title VARCHAR(200) NOT NULL, 
	link VARCHAR(500) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	group_id INTEGER, 
	readers VARCHAR(40) NOT NULL, 
	owner_id INTEGER, 
	looked_at_on DATE, 
	link_state VARCHAR(40), 
	checked_at DATETIME, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_documents_document_documentkind CHECK (kind IN ('charter', 'mou', 'confidentiality', 'minutes', 'flyer', 'protocol', 'curriculum', 'other')), 
	CONSTRAINT ck_documents_document_linkstate CHECK (link_state IN ('works', 'not_found', 'no_answer', 'unknown')), 
	CONSTRAINT ck_documents_document_readers CHECK (readers IN ('everyone', 'members', 'group', 'coordinators')), 
	CONSTRAINT ck_documents_document_title CHECK (title <> ''), 
	CONSTRAINT fk_documents_document_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_documents_document_coalition_id_group_id FOREIGN KEY(coalition_id, group_id) REFERENCES coalitions_group (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_documents_document_coalition_id_owner_id FOREIGN KEY(coalition_id, owner_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_documents_document PRIMARY KEY (id), 
	CONSTRAINT uq_documents_document_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE documents_use (
	document_id INTEGER NOT NULL, 
	agreement_id INTEGER, 
	organization_id INTEGER, 
	meeting_id INTEGER, 
	item_id INTEGER, 
	action_id INTEGER, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_documents_use_one_thing CHECK (CASE WHEN agreement_id IS NULL THEN 0 ELSE 1 END + CASE WHEN organization_id IS NULL THEN 0 ELSE 1 END + CASE WHEN meeting_id IS NULL THEN 0 ELSE 1 END + CASE WHEN item_id IS NULL THEN 0 ELSE 1 END + CASE WHEN action_id IS NULL THEN 0 ELSE 1 END = 1), 
	CONSTRAINT fk_documents_use_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_documents_use_coalition_id_action_id FOREIGN KEY(coalition_id, action_id) REFERENCES plan_action (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_documents_use_coalition_id_agreement_id FOREIGN KEY(coalition_id, agreement_id) REFERENCES partners_agreement (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_documents_use_coalition_id_document_id FOREIGN KEY(coalition_id, document_id) REFERENCES documents_document (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_documents_use_coalition_id_item_id FOREIGN KEY(coalition_id, item_id) REFERENCES checklist_item (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_documents_use_coalition_id_meeting_id FOREIGN KEY(coalition_id, meeting_id) REFERENCES meetings_meeting (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_documents_use_coalition_id_organization_id FOREIGN KEY(coalition_id, organization_id) REFERENCES partners_organization (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_documents_use PRIMARY KEY (id)
);
CREATE TABLE history_entry (
	happened_at DATETIME NOT NULL, 
	actor_id INTEGER, 
	thing VARCHAR(60) NOT NULL, 
	thing_id INTEGER NOT NULL, 
	field VARCHAR(40) NOT NULL, 
	old VARCHAR(60), 
	new VARCHAR(60), 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_history_entry_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_history_entry_coalition_id_actor_id FOREIGN KEY(coalition_id, actor_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_history_entry PRIMARY KEY (id)
);
CREATE TABLE "kept_copy" (
	kept_for VARCHAR(40) NOT NULL, 
	what VARCHAR(40) NOT NULL, 
	made_at DATETIME NOT NULL, 
	made_by_id INTEGER, 
	thing VARCHAR(60) NOT NULL, 
	thing_id INTEGER NOT NULL, 
	number INTEGER, 
	title VARCHAR(300) NOT NULL, 
	holds JSON NOT NULL, 
	rows JSON, 
	ended_at DATETIME, 
	ended VARCHAR(40), 
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_kept_copy_ended CHECK ((ended_at IS NULL) = (ended IS NULL)), 
	CONSTRAINT ck_kept_copy_ended_is_empty CHECK (ended_at IS NULL OR (rows IS NULL AND title = '')), 
	CONSTRAINT ck_kept_copy_keptend CHECK (ended IN ('taken_back', 'restored', 'deleted', 'forgotten')), 
	CONSTRAINT ck_kept_copy_keptfor CHECK (kept_for IN ('undo', 'trash', 'import')), 
	CONSTRAINT fk_kept_copy_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_kept_copy_coalition_id_made_by_id FOREIGN KEY(coalition_id, made_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT
);
CREATE TABLE "meetings_agenda_item" (
	meeting_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	minutes INTEGER NOT NULL, 
	source VARCHAR(40) NOT NULL, 
	about VARCHAR(120) NOT NULL, 
	carried_from_id INTEGER, 
	notes TEXT NOT NULL, 
	outcome VARCHAR(40) NOT NULL, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	output VARCHAR(300) NOT NULL, 
	created_by_id INTEGER, 
	lead_id INTEGER, 
	recorded_version INTEGER NOT NULL, 
	CONSTRAINT ck_meetings_agenda_item_minutes CHECK (minutes >= 0 AND minutes <= 600), 
	CONSTRAINT ck_meetings_agenda_item_outcome CHECK (outcome IN ('open', 'done', 'not_reached', 'dropped')), 
	CONSTRAINT ck_meetings_agenda_item_source CHECK (source IN ('hand', 'template', 'gap', 'talk', 'disagreement', 'late_action', 'stuck_action', 'agreement', 'missing_sector', 'decision', 'carried_over', 'tip')), 
	CONSTRAINT ck_meetings_agenda_item_title CHECK (title <> ''), 
	CONSTRAINT fk_meetings_agenda_item_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_meetings_agenda_item_coalition_id_carried_from_id FOREIGN KEY(coalition_id, carried_from_id) REFERENCES meetings_agenda_item (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_meetings_agenda_item_coalition_id_created_by_id FOREIGN KEY(coalition_id, created_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_meetings_agenda_item_coalition_id_lead_id FOREIGN KEY(coalition_id, lead_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_meetings_agenda_item_coalition_id_meeting_id FOREIGN KEY(coalition_id, meeting_id) REFERENCES meetings_meeting (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_meetings_agenda_item PRIMARY KEY (id), 
	CONSTRAINT uq_meetings_agenda_item_carried_from_id UNIQUE (carried_from_id), 
	CONSTRAINT uq_meetings_agenda_item_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE meetings_attendance (
	meeting_id INTEGER NOT NULL, 
	membership_id INTEGER, 
	guest VARCHAR(120) NOT NULL, 
	organization_id INTEGER, 
	sector VARCHAR(60) NOT NULL, 
	mode VARCHAR(40) NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_meetings_attendance_mode CHECK (mode IN ('here', 'online', 'excused')), 
	CONSTRAINT ck_meetings_attendance_person_or_guest CHECK ((membership_id IS NULL) = (guest <> '')), 
	CONSTRAINT fk_meetings_attendance_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_meetings_attendance_coalition_id_meeting_id FOREIGN KEY(coalition_id, meeting_id) REFERENCES meetings_meeting (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_meetings_attendance_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_meetings_attendance_coalition_id_organization_id FOREIGN KEY(coalition_id, organization_id) REFERENCES partners_organization (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_meetings_attendance PRIMARY KEY (id), 
	CONSTRAINT uq_meetings_attendance_meeting_id_membership_id UNIQUE (meeting_id, membership_id)
);
CREATE TABLE "meetings_decision" (
	number INTEGER NOT NULL, 
	meeting_id INTEGER NOT NULL, 
	item_id INTEGER, 
	text TEXT NOT NULL, 
	owner_id INTEGER, 
	review_on DATE, 
	decided_on DATE NOT NULL, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	no_action BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT ck_meetings_decision_number CHECK (number >= 1), 
	CONSTRAINT ck_meetings_decision_text CHECK (text <> ''), 
	CONSTRAINT fk_meetings_decision_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_meetings_decision_coalition_id_item_id FOREIGN KEY(coalition_id, item_id) REFERENCES meetings_agenda_item (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_meetings_decision_coalition_id_meeting_id FOREIGN KEY(coalition_id, meeting_id) REFERENCES meetings_meeting (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_meetings_decision_coalition_id_owner_id FOREIGN KEY(coalition_id, owner_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_meetings_decision PRIMARY KEY (id), 
	CONSTRAINT uq_meetings_decision_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_meetings_decision_coalition_id_number UNIQUE (coalition_id, number)
);
CREATE TABLE "meetings_meeting" (
	kind VARCHAR(40) NOT NULL, 
	title VARCHAR(120) NOT NULL, 
	group_id INTEGER, 
	starts_at DATETIME NOT NULL, 
	minutes INTEGER NOT NULL, 
	place VARCHAR(200) NOT NULL, 
	link VARCHAR(300) NOT NULL, 
	about TEXT NOT NULL, 
	closed_at DATETIME, 
	created_at DATETIME NOT NULL, 
	created_by_id INTEGER, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	is_open BOOLEAN NOT NULL, 
	public_place VARCHAR(200) NOT NULL, 
	CONSTRAINT ck_meetings_meeting_meetingkind CHECK (kind IN ('first', 'planning_session', 'general', 'core_team', 'workgroup')), 
	CONSTRAINT ck_meetings_meeting_minutes CHECK (minutes >= 5 AND minutes <= 1440), 
	CONSTRAINT ck_meetings_meeting_title CHECK (title <> ''), 
	CONSTRAINT fk_meetings_meeting_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_meetings_meeting_coalition_id_created_by_id FOREIGN KEY(coalition_id, created_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_meetings_meeting_coalition_id_group_id FOREIGN KEY(coalition_id, group_id) REFERENCES coalitions_group (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_meetings_meeting PRIMARY KEY (id), 
	CONSTRAINT uq_meetings_meeting_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE meetings_prepared (
	meeting_id INTEGER NOT NULL, 
	"key" VARCHAR(60) NOT NULL, 
	done_at DATETIME NOT NULL, 
	done_by_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_meetings_prepared_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_meetings_prepared_coalition_id_done_by_id FOREIGN KEY(coalition_id, done_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_meetings_prepared_coalition_id_meeting_id FOREIGN KEY(coalition_id, meeting_id) REFERENCES meetings_meeting (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_meetings_prepared PRIMARY KEY (id), 
	CONSTRAINT uq_meetings_prepared_meeting_id_key UNIQUE (meeting_id, "key")
);
CREATE TABLE meetings_reply (
	meeting_id INTEGER NOT NULL, 
	membership_id INTEGER NOT NULL, 
	answer VARCHAR(40) NOT NULL, 
	answered_for DATETIME NOT NULL, 
	answered_at DATETIME NOT NULL, 
	wants_reminder BOOLEAN NOT NULL, 
	reminded_for DATETIME, 
	remind_tries INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_meetings_reply_coming CHECK (answer IN ('yes', 'online', 'perhaps', 'no')), 
	CONSTRAINT ck_meetings_reply_remind_tries CHECK (remind_tries >= 0), 
	CONSTRAINT fk_meetings_reply_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_meetings_reply_coalition_id_meeting_id FOREIGN KEY(coalition_id, meeting_id) REFERENCES meetings_meeting (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_meetings_reply_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_meetings_reply PRIMARY KEY (id), 
	CONSTRAINT uq_meetings_reply_meeting_id_membership_id UNIQUE (meeting_id, membership_id)
);
CREATE TABLE messages_action_link (
	membership_id INTEGER NOT NULL, 
	action_id INTEGER NOT NULL, 
	action_version INTEGER NOT NULL, 
	address_key VARCHAR(64) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	made_at DATETIME NOT NULL, 
	used_at DATETIME, 
	said VARCHAR(40), 
	copy_id INTEGER, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_messages_action_link_quickanswer CHECK (said IN ('on_track', 'done', 'stuck', 'new_date')), 
	CONSTRAINT ck_messages_action_link_said CHECK (said IS NULL OR used_at IS NOT NULL), 
	CONSTRAINT fk_messages_action_link_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_messages_action_link_coalition_id_action_id FOREIGN KEY(coalition_id, action_id) REFERENCES plan_action (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_messages_action_link_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_messages_action_link PRIMARY KEY (id), 
	CONSTRAINT uq_messages_action_link_token_hash UNIQUE (token_hash)
);
CREATE TABLE messages_announcement (
	title VARCHAR(120) NOT NULL, 
	text TEXT NOT NULL, 
	until_on DATE NOT NULL, 
	group_id INTEGER, 
	is_public BOOLEAN NOT NULL, 
	posted_at DATETIME NOT NULL, 
	posted_by_id INTEGER, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_messages_announcement_public_is_for_everyone CHECK (group_id IS NULL OR NOT is_public), 
	CONSTRAINT ck_messages_announcement_title CHECK (title <> ''), 
	CONSTRAINT fk_messages_announcement_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_messages_announcement_coalition_id_group_id FOREIGN KEY(coalition_id, group_id) REFERENCES coalitions_group (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_messages_announcement_coalition_id_posted_by_id FOREIGN KEY(coalition_id, posted_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_messages_announcement PRIMARY KEY (id)
);
CREATE TABLE messages_approval (
	membership_id INTEGER NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	tries INTEGER NOT NULL, 
	queued_at DATETIME NOT NULL, 
	claimed_at DATETIME, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_messages_approval_letterstate CHECK (state IN ('none', 'waiting', 'claimed', 'sent', 'failed')), 
	CONSTRAINT fk_messages_approval_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_messages_approval_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_messages_approval PRIMARY KEY (id)
);
CREATE TABLE messages_calendar (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	nonce VARCHAR(43) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT fk_messages_calendar_user_id FOREIGN KEY(user_id) REFERENCES accounts_user (id) ON DELETE CASCADE, 
	CONSTRAINT pk_messages_calendar PRIMARY KEY (id), 
	CONSTRAINT uq_messages_calendar_token_hash UNIQUE (token_hash), 
	CONSTRAINT uq_messages_calendar_user_id UNIQUE (user_id)
);
CREATE TABLE messages_letter (
	kind VARCHAR(40) NOT NULL, 
	subject VARCHAR(200) NOT NULL, 
	text TEXT NOT NULL, 
	audience VARCHAR(40) NOT NULL, 
	about VARCHAR(40) NOT NULL, 
	press VARCHAR(43) NOT NULL, 
	written_by_id INTEGER, 
	made_at DATETIME NOT NULL, 
	emptied_at DATETIME, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_messages_letter_letterkind CHECK (kind IN ('written', 'test')), 
	CONSTRAINT fk_messages_letter_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_messages_letter_coalition_id_written_by_id FOREIGN KEY(coalition_id, written_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_messages_letter PRIMARY KEY (id), 
	CONSTRAINT uq_messages_letter_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_messages_letter_coalition_id_press UNIQUE (coalition_id, press)
);
CREATE TABLE "messages_letter_to" (
	letter_id INTEGER NOT NULL, 
	membership_id INTEGER, 
	invitation_id INTEGER, 
	way VARCHAR(40) NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	portion INTEGER NOT NULL, 
	queued_at DATETIME NOT NULL, 
	claimed_at DATETIME, 
	sent_at DATETIME, 
	tries INTEGER NOT NULL, 
	words VARCHAR(500) NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	signup_id INTEGER, 
	CONSTRAINT ck_messages_letter_to_letterstate CHECK (state IN ('waiting', 'claimed', 'sent', 'failed', 'unknown', 'no_address', 'stopped', 'canceled')), 
	CONSTRAINT ck_messages_letter_to_one_person CHECK (CASE WHEN membership_id IS NULL THEN 0 ELSE 1 END + CASE WHEN invitation_id IS NULL THEN 0 ELSE 1 END + CASE WHEN signup_id IS NULL THEN 0 ELSE 1 END = 1), 
	CONSTRAINT ck_messages_letter_to_way CHECK (way IN ('mail', 'program', 'phone', 'none')), 
	CONSTRAINT fk_messages_letter_to_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_messages_letter_to_coalition_id_invitation_id FOREIGN KEY(coalition_id, invitation_id) REFERENCES coalitions_invitation (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_messages_letter_to_coalition_id_letter_id FOREIGN KEY(coalition_id, letter_id) REFERENCES messages_letter (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_messages_letter_to_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_messages_letter_to_coalition_id_signup_id FOREIGN KEY(coalition_id, signup_id) REFERENCES plan_signup (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_messages_letter_to PRIMARY KEY (id), 
	CONSTRAINT uq_messages_letter_to_letter_id_invitation_id UNIQUE (letter_id, invitation_id), 
	CONSTRAINT uq_messages_letter_to_letter_id_membership_id UNIQUE (letter_id, membership_id), 
	CONSTRAINT uq_messages_letter_to_letter_id_signup_id UNIQUE (letter_id, signup_id)
);
CREATE TABLE messages_letter_wish (
	address_key VARCHAR(64) NOT NULL, 
	membership_id INTEGER, 
	nonce VARCHAR(43) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	stopped_at DATETIME, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_messages_letter_wish_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_messages_letter_wish_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_messages_letter_wish PRIMARY KEY (id), 
	CONSTRAINT uq_messages_letter_wish_coalition_id_address_key UNIQUE (coalition_id, address_key), 
	CONSTRAINT uq_messages_letter_wish_token_hash UNIQUE (token_hash)
);
CREATE TABLE messages_look (
	membership_id INTEGER NOT NULL, 
	looked_at DATETIME NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_messages_look_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_messages_look_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_messages_look PRIMARY KEY (id), 
	CONSTRAINT uq_messages_look_membership_id UNIQUE (membership_id)
);
CREATE TABLE messages_mail (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	day DATE NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	tries INTEGER NOT NULL, 
	claimed_at DATETIME NOT NULL, 
	words VARCHAR(500) NOT NULL, 
	CONSTRAINT ck_messages_mail_mailstate CHECK (state IN ('claimed', 'sent', 'failed', 'unknown')), 
	CONSTRAINT ck_messages_mail_tries CHECK (tries >= 1), 
	CONSTRAINT fk_messages_mail_user_id FOREIGN KEY(user_id) REFERENCES accounts_user (id) ON DELETE CASCADE, 
	CONSTRAINT pk_messages_mail PRIMARY KEY (id), 
	CONSTRAINT uq_messages_mail_user_id_day UNIQUE (user_id, day)
);
CREATE TABLE "messages_setting" (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	frequency VARCHAR(40) NOT NULL, 
	nonce VARCHAR(43) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	changed_at DATETIME NOT NULL, 
	CONSTRAINT ck_messages_setting_frequency CHECK (frequency IN ('off', 'daily', 'weekly')), 
	CONSTRAINT fk_messages_setting_user_id FOREIGN KEY(user_id) REFERENCES accounts_user (id) ON DELETE CASCADE, 
	CONSTRAINT pk_messages_setting PRIMARY KEY (id), 
	CONSTRAINT uq_messages_setting_token_hash UNIQUE (token_hash), 
	CONSTRAINT uq_messages_setting_user_id UNIQUE (user_id)
);
CREATE TABLE messages_test (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	asked_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	words VARCHAR(500) NOT NULL, 
	CONSTRAINT fk_messages_test_user_id FOREIGN KEY(user_id) REFERENCES accounts_user (id) ON DELETE CASCADE, 
	CONSTRAINT pk_messages_test PRIMARY KEY (id), 
	CONSTRAINT uq_messages_test_user_id UNIQUE (user_id)
);
CREATE TABLE messages_told (
	membership_id INTEGER NOT NULL, 
	told_by_id INTEGER NOT NULL, 
	told_on DATE NOT NULL, 
	told_at DATETIME NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_messages_told_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_messages_told_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_messages_told_coalition_id_told_by_id FOREIGN KEY(coalition_id, told_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_messages_told PRIMARY KEY (id), 
	CONSTRAINT uq_messages_told_membership_id_told_by_id_told_on UNIQUE (membership_id, told_by_id, told_on)
);
CREATE TABLE onboarding_step_override (
	step VARCHAR(40) NOT NULL, 
	reason TEXT NOT NULL, 
	decided_by_id INTEGER, 
	decided_at DATETIME NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_onboarding_step_override_reason CHECK (reason <> ''), 
	CONSTRAINT fk_onboarding_step_override_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_onboarding_step_override_coalition_id_decided_by_id FOREIGN KEY(coalition_id, decided_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_onboarding_step_override PRIMARY KEY (id), 
	CONSTRAINT uq_onboarding_step_override_coalition_id_step UNIQUE (coalition_id, step)
);
CREATE TABLE onboarding_threshold (
	"key" VARCHAR(40) NOT NULL, 
	value INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_onboarding_threshold_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT pk_onboarding_threshold PRIMARY KEY (id), 
	CONSTRAINT uq_onboarding_threshold_coalition_id_key UNIQUE (coalition_id, "key")
);
CREATE TABLE "operations_network_sum" (
	id INTEGER NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	total INTEGER NOT NULL, 
	coalitions INTEGER NOT NULL, 
	counted_at DATETIME NOT NULL, 
	marks JSON NOT NULL, 
	CONSTRAINT ck_operations_network_sum_countkind CHECK (kind IN ('members', 'sectors', 'round_open', 'actions_done')), 
	CONSTRAINT pk_operations_network_sum PRIMARY KEY (id), 
	CONSTRAINT uq_operations_network_sum_kind_counted_at UNIQUE (kind, counted_at)
);
CREATE TABLE "operations_run" (
	id INTEGER NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	ended_at DATETIME NOT NULL, 
	counts JSON NOT NULL, 
	CONSTRAINT ck_operations_run_runkind CHECK (kind IN ('tick', 'backup', 'check')), 
	CONSTRAINT pk_operations_run PRIMARY KEY (id), 
	CONSTRAINT uq_operations_run_kind UNIQUE (kind)
);
CREATE TABLE operations_shared_count (
	kind VARCHAR(40) NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_operations_shared_count_countkind CHECK (kind IN ('members', 'sectors', 'round_open', 'actions_done')), 
	CONSTRAINT fk_operations_shared_count_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT pk_operations_shared_count PRIMARY KEY (id), 
	CONSTRAINT uq_operations_shared_count_coalition_id_kind UNIQUE (coalition_id, kind)
);
CREATE TABLE partners_affiliation (
	membership_id INTEGER NOT NULL, 
	organization_id INTEGER, 
	sector VARCHAR(60), 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_partners_affiliation_organization_or_sector CHECK ((organization_id IS NULL) <> (sector IS NULL)), 
	CONSTRAINT fk_partners_affiliation_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_partners_affiliation_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_partners_affiliation_coalition_id_organization_id FOREIGN KEY(coalition_id, organization_id) REFERENCES partners_organization (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_partners_affiliation PRIMARY KEY (id), 
	CONSTRAINT uq_partners_affiliation_membership_id UNIQUE (membership_id)
);
CREATE TABLE "partners_agreement" (
	number INTEGER NOT NULL, 
	organization_id INTEGER NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	signed_on DATE, 
	review_on DATE, 
	notice_on DATE, 
	ends_on DATE, 
	we_promised TEXT NOT NULL, 
	they_promised TEXT NOT NULL, 
	named_by VARCHAR(200) NOT NULL, 
	named_on DATE, 
	created_at DATETIME NOT NULL, 
	created_by_id INTEGER, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	owner_id INTEGER, 
	renewal_made_for DATE, 
	unnamed_on DATE, 
	CONSTRAINT ck_partners_agreement_agreementkind CHECK (kind IN ('mou', 'pledge', 'data_sharing', 'subaward', 'other')), 
	CONSTRAINT ck_partners_agreement_agreementstate CHECK (state IN ('drafting', 'with_board', 'signed', 'declined', 'ended')), 
	CONSTRAINT ck_partners_agreement_ends_after_signing CHECK (ends_on IS NULL OR signed_on IS NULL OR ends_on >= signed_on), 
	CONSTRAINT ck_partners_agreement_named_by_somebody CHECK (named_on IS NULL OR named_by <> ''), 
	CONSTRAINT ck_partners_agreement_notice_before_end CHECK (notice_on IS NULL OR (ends_on IS NOT NULL AND notice_on <= ends_on)), 
	CONSTRAINT ck_partners_agreement_number CHECK (number >= 1), 
	CONSTRAINT ck_partners_agreement_review_after_signing CHECK (review_on IS NULL OR signed_on IS NULL OR review_on >= signed_on), 
	CONSTRAINT ck_partners_agreement_signed_has_date CHECK (state <> 'signed' OR signed_on IS NOT NULL), 
	CONSTRAINT ck_partners_agreement_unnamed_after_named CHECK (unnamed_on IS NULL OR (named_on IS NOT NULL AND unnamed_on >= named_on)), 
	CONSTRAINT fk_partners_agreement_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_partners_agreement_coalition_id_created_by_id FOREIGN KEY(coalition_id, created_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_partners_agreement_coalition_id_organization_id FOREIGN KEY(coalition_id, organization_id) REFERENCES partners_organization (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_partners_agreement_coalition_id_owner_id FOREIGN KEY(coalition_id, owner_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_partners_agreement PRIMARY KEY (id), 
	CONSTRAINT uq_partners_agreement_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_partners_agreement_coalition_id_number UNIQUE (coalition_id, number)
);
CREATE TABLE partners_agreement_move (
	agreement_id INTEGER NOT NULL, 
	"before" VARCHAR(40), 
	"after" VARCHAR(40) NOT NULL, 
	happened_on DATE NOT NULL, 
	ends_on DATE, 
	note TEXT NOT NULL, 
	written_at DATETIME NOT NULL, 
	written_by_id INTEGER, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_partners_agreement_move_after CHECK ("after" IN ('drafting', 'with_board', 'signed', 'declined', 'ended')), 
	CONSTRAINT ck_partners_agreement_move_before CHECK ("before" IN ('drafting', 'with_board', 'signed', 'declined', 'ended')), 
	CONSTRAINT fk_partners_agreement_move_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_partners_agreement_move_coalition_id_agreement_id FOREIGN KEY(coalition_id, agreement_id) REFERENCES partners_agreement (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_partners_agreement_move_coalition_id_written_by_id FOREIGN KEY(coalition_id, written_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_partners_agreement_move PRIMARY KEY (id)
);
CREATE TABLE partners_contact (
	organization_id INTEGER NOT NULL, 
	membership_id INTEGER, 
	place VARCHAR(40) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	sort_key VARCHAR(200) NOT NULL, 
	job VARCHAR(120) NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	phone VARCHAR(40) NOT NULL, 
	may_commit BOOLEAN, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_partners_contact_contactplace CHECK (place IN ('main', 'alternate', 'other')), 
	CONSTRAINT ck_partners_contact_name CHECK (name <> ''), 
	CONSTRAINT fk_partners_contact_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_partners_contact_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_partners_contact_coalition_id_organization_id FOREIGN KEY(coalition_id, organization_id) REFERENCES partners_organization (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_partners_contact PRIMARY KEY (id), 
	CONSTRAINT uq_partners_contact_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE "partners_conversation" (
	organization_id INTEGER NOT NULL, 
	contact_id INTEGER, 
	happened_on DATE NOT NULL, 
	level INTEGER, 
	note TEXT NOT NULL, 
	written_at DATETIME NOT NULL, 
	written_by_id INTEGER, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	with_whom VARCHAR(200) NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT ck_partners_conversation_level CHECK (level IS NULL OR (level >= 0 AND level <= 5)), 
	CONSTRAINT fk_partners_conversation_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_partners_conversation_coalition_id_contact_id FOREIGN KEY(coalition_id, contact_id) REFERENCES partners_contact (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_partners_conversation_coalition_id_organization_id FOREIGN KEY(coalition_id, organization_id) REFERENCES partners_organization (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_partners_conversation_coalition_id_written_by_id FOREIGN KEY(coalition_id, written_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_partners_conversation PRIMARY KEY (id), 
	CONSTRAINT uq_partners_conversation_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE "partners_organization" (
	name VARCHAR(120) NOT NULL, 
	sort_key VARCHAR(120) NOT NULL, 
	sector VARCHAR(60) NOT NULL, 
	created_at DATETIME NOT NULL, 
	added_by_id INTEGER, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	website VARCHAR(300) NOT NULL, 
	phone VARCHAR(40) NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	about TEXT NOT NULL, 
	level INTEGER, 
	verified_on DATE, 
	verified_by_id INTEGER, 
	version INTEGER NOT NULL, 
	search_key TEXT NOT NULL, 
	CONSTRAINT ck_partners_organization_level CHECK (level IS NULL OR (level >= 0 AND level <= 5)), 
	CONSTRAINT ck_partners_organization_name CHECK (name <> ''), 
	CONSTRAINT fk_partners_organization_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_partners_organization_coalition_id_added_by_id FOREIGN KEY(coalition_id, added_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_partners_organization_coalition_id_verified_by_id FOREIGN KEY(coalition_id, verified_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_partners_organization PRIMARY KEY (id), 
	CONSTRAINT uq_partners_organization_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_partners_organization_coalition_id_sort_key UNIQUE (coalition_id, sort_key)
);
CREATE TABLE "partners_organization_tag" (
	organization_id INTEGER NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	value VARCHAR(120) NOT NULL, 
	sort_key VARCHAR(120) NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_partners_organization_tag_tagkind CHECK (kind IN ('discipline', 'area', 'service', 'serves', 'county', 'language', 'partnership')), 
	CONSTRAINT ck_partners_organization_tag_value CHECK (value <> ''), 
	CONSTRAINT fk_partners_organization_tag_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_partners_organization_tag_coalition_id_organization_id FOREIGN KEY(coalition_id, organization_id) REFERENCES partners_organization (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_partners_organization_tag PRIMARY KEY (id), 
	CONSTRAINT uq_partners_organization_tag_organization_id_kind_sort_key UNIQUE (organization_id, kind, sort_key)
);
CREATE TABLE partners_referral_link (
	nonce VARCHAR(43) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	ends_on DATE NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_partners_referral_link_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT pk_partners_referral_link PRIMARY KEY (id), 
	CONSTRAINT uq_partners_referral_link_coalition_id UNIQUE (coalition_id), 
	CONSTRAINT uq_partners_referral_link_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_partners_referral_link_token_hash UNIQUE (token_hash)
);
CREATE TABLE "partners_seat" (
	sector VARCHAR(60) NOT NULL, 
	area VARCHAR(60) NOT NULL, 
	organization_id INTEGER, 
	whom VARCHAR(200) NOT NULL, 
	inviter_id INTEGER, 
	ask_by DATE, 
	closed_on DATE, 
	created_at DATETIME NOT NULL, 
	created_by_id INTEGER, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	outcome VARCHAR(40), 
	taken_by_id INTEGER, 
	note TEXT NOT NULL, 
	discipline VARCHAR(60) NOT NULL, 
	CONSTRAINT ck_partners_seat_closed_has_outcome CHECK ((closed_on IS NULL) = (outcome IS NULL)), 
	CONSTRAINT ck_partners_seat_seatoutcome CHECK (outcome IN ('taken', 'given_up')), 
	CONSTRAINT ck_partners_seat_sector CHECK (sector <> ''), 
	CONSTRAINT ck_partners_seat_taken_by_somebody CHECK (taken_by_id IS NULL OR outcome = 'taken'), 
	CONSTRAINT fk_partners_seat_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_partners_seat_coalition_id_created_by_id FOREIGN KEY(coalition_id, created_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_partners_seat_coalition_id_inviter_id FOREIGN KEY(coalition_id, inviter_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_partners_seat_coalition_id_organization_id FOREIGN KEY(coalition_id, organization_id) REFERENCES partners_organization (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_partners_seat_coalition_id_taken_by_id FOREIGN KEY(coalition_id, taken_by_id) REFERENCES partners_organization (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_partners_seat PRIMARY KEY (id), 
	CONSTRAINT uq_partners_seat_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE partners_service (
	organization_id INTEGER NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	title VARCHAR(120) NOT NULL, 
	for_whom VARCHAR(200) NOT NULL, 
	ages VARCHAR(60) NOT NULL, 
	genders VARCHAR(60) NOT NULL, 
	languages VARCHAR(300) NOT NULL, 
	counties VARCHAR(300) NOT NULL, 
	hours VARCHAR(120) NOT NULL, 
	cost VARCHAR(120) NOT NULL, 
	phone VARCHAR(40) NOT NULL, 
	refer TEXT NOT NULL, 
	eligibility TEXT NOT NULL, 
	agreed_on DATE, 
	agreed_by VARCHAR(120) NOT NULL, 
	checked_on DATE NOT NULL, 
	checked_by_id INTEGER, 
	added_by_id INTEGER, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_partners_service_help CHECK (kind IN ('advocate', 'shelter', 'housing', 'basics', 'health', 'counseling', 'recovery', 'legal', 'immigration', 'youth', 'work', 'language', 'rides', 'peers', 'other')), 
	CONSTRAINT ck_partners_service_title CHECK (title <> ''), 
	CONSTRAINT fk_partners_service_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_partners_service_coalition_id_added_by_id FOREIGN KEY(coalition_id, added_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_partners_service_coalition_id_checked_by_id FOREIGN KEY(coalition_id, checked_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_partners_service_coalition_id_organization_id FOREIGN KEY(coalition_id, organization_id) REFERENCES partners_organization (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_partners_service PRIMARY KEY (id), 
	CONSTRAINT uq_partners_service_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE "plan_action" (
	number INTEGER NOT NULL, 
	plan_id INTEGER NOT NULL, 
	goal_id INTEGER, 
	objective_id INTEGER, 
	title VARCHAR(300) NOT NULL, 
	details TEXT NOT NULL, 
	owner_id INTEGER, 
	organization_id INTEGER, 
	start_on DATE, 
	due_on DATE, 
	status VARCHAR(40) NOT NULL, 
	reason TEXT NOT NULL, 
	done_on DATE, 
	resources_had TEXT NOT NULL, 
	resources_needed TEXT NOT NULL, 
	barriers TEXT NOT NULL, 
	inform TEXT NOT NULL, 
	item_id INTEGER, 
	round_id INTEGER, 
	indicator VARCHAR(60) NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by_id INTEGER, 
	moved_at DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	need_id INTEGER, 
	match_id INTEGER, 
	decision_id INTEGER, 
	agenda_item_id INTEGER, 
	repeat_id INTEGER, 
	repeat_on DATE, 
	group_id INTEGER, 
	CONSTRAINT ck_plan_action_actionstatus CHECK (status IN ('not_started', 'under_way', 'stuck', 'done', 'no_longer_needed')), 
	CONSTRAINT ck_plan_action_date_of_repeat CHECK ((repeat_id IS NULL) = (repeat_on IS NULL)), 
	CONSTRAINT ck_plan_action_dates CHECK (due_on IS NULL OR start_on IS NULL OR due_on >= start_on), 
	CONSTRAINT ck_plan_action_done_has_date CHECK (done_on IS NULL OR status = 'done'), 
	CONSTRAINT ck_plan_action_indicator_of_round CHECK ((round_id IS NULL) = (indicator = '')), 
	CONSTRAINT ck_plan_action_match_of_need CHECK (match_id IS NULL OR need_id IS NOT NULL), 
	CONSTRAINT ck_plan_action_number CHECK (number >= 1), 
	CONSTRAINT ck_plan_action_objective_in_goal CHECK (objective_id IS NULL OR goal_id IS NOT NULL), 
	CONSTRAINT ck_plan_action_title CHECK (title <> ''), 
	CONSTRAINT fk_plan_action_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_action_coalition_id_agenda_item_id FOREIGN KEY(coalition_id, agenda_item_id) REFERENCES meetings_agenda_item (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_action_coalition_id_created_by_id FOREIGN KEY(coalition_id, created_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_action_coalition_id_decision_id FOREIGN KEY(coalition_id, decision_id) REFERENCES meetings_decision (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_action_coalition_id_goal_id FOREIGN KEY(coalition_id, goal_id) REFERENCES plan_goal (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_action_coalition_id_goal_id_objective_id FOREIGN KEY(coalition_id, goal_id, objective_id) REFERENCES plan_objective (coalition_id, goal_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_action_coalition_id_group_id FOREIGN KEY(coalition_id, group_id) REFERENCES coalitions_group (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_action_coalition_id_item_id FOREIGN KEY(coalition_id, item_id) REFERENCES checklist_item (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_action_coalition_id_need_id FOREIGN KEY(coalition_id, need_id) REFERENCES strengths_need (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_action_coalition_id_need_id_match_id FOREIGN KEY(coalition_id, need_id, match_id) REFERENCES strengths_match (coalition_id, need_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_action_coalition_id_organization_id FOREIGN KEY(coalition_id, organization_id) REFERENCES partners_organization (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_action_coalition_id_owner_id FOREIGN KEY(coalition_id, owner_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_action_coalition_id_plan_id FOREIGN KEY(coalition_id, plan_id) REFERENCES plan_plan (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_action_coalition_id_repeat_id FOREIGN KEY(coalition_id, repeat_id) REFERENCES plan_repeat (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_action_coalition_id_round_id FOREIGN KEY(coalition_id, round_id) REFERENCES assessment_round (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_plan_action PRIMARY KEY (id), 
	CONSTRAINT uq_plan_action_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_plan_action_coalition_id_number UNIQUE (coalition_id, number), 
	CONSTRAINT uq_plan_action_repeat_id_repeat_on UNIQUE (repeat_id, repeat_on)
);
CREATE TABLE plan_action_agreement (
	action_id INTEGER NOT NULL, 
	agreement_id INTEGER NOT NULL, 
	renews_end_on DATE, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_plan_action_agreement_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_action_agreement_coalition_id_action_id FOREIGN KEY(coalition_id, action_id) REFERENCES plan_action (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_action_agreement_coalition_id_agreement_id FOREIGN KEY(coalition_id, agreement_id) REFERENCES partners_agreement (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_plan_action_agreement PRIMARY KEY (id), 
	CONSTRAINT uq_plan_action_agreement_action_id_agreement_id UNIQUE (action_id, agreement_id)
);
CREATE TABLE plan_action_carried (
	action_id INTEGER NOT NULL, 
	from_id INTEGER NOT NULL, 
	why VARCHAR(40) NOT NULL, 
	reason VARCHAR(300) NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_plan_action_carried_carrywhy CHECK (why IN ('not_finished', 'continues', 'other')), 
	CONSTRAINT ck_plan_action_carried_other_has_words CHECK (why <> 'other' OR reason <> ''), 
	CONSTRAINT fk_plan_action_carried_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_action_carried_coalition_id_action_id FOREIGN KEY(coalition_id, action_id) REFERENCES plan_action (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_action_carried_coalition_id_from_id FOREIGN KEY(coalition_id, from_id) REFERENCES plan_action (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_plan_action_carried PRIMARY KEY (id), 
	CONSTRAINT uq_plan_action_carried_action_id UNIQUE (action_id)
);
CREATE TABLE plan_action_helper (
	action_id INTEGER NOT NULL, 
	membership_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_plan_action_helper_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_action_helper_coalition_id_action_id FOREIGN KEY(coalition_id, action_id) REFERENCES plan_action (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_action_helper_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_plan_action_helper PRIMARY KEY (id), 
	CONSTRAINT uq_plan_action_helper_action_id_membership_id UNIQUE (action_id, membership_id)
);
CREATE TABLE plan_action_note (
	action_id INTEGER NOT NULL, 
	note_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_plan_action_note_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_action_note_coalition_id_action_id FOREIGN KEY(coalition_id, action_id) REFERENCES plan_action (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_action_note_coalition_id_note_id FOREIGN KEY(coalition_id, note_id) REFERENCES toolkit_note (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_plan_action_note PRIMARY KEY (id), 
	CONSTRAINT uq_plan_action_note_action_id UNIQUE (action_id), 
	CONSTRAINT uq_plan_action_note_note_id UNIQUE (note_id)
);
CREATE TABLE "plan_activity" (
	kind VARCHAR(40) NOT NULL, 
	happened_on DATE NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	reached INTEGER, 
	hours DOUBLE, 
	goal_id INTEGER, 
	action_id INTEGER, 
	created_at DATETIME NOT NULL, 
	created_by_id INTEGER, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	state VARCHAR(40) DEFAULT 'held' NOT NULL, 
	starts_at DATETIME, 
	minutes INTEGER, 
	place VARCHAR(200) DEFAULT ('') NOT NULL, 
	link VARCHAR(300) DEFAULT ('') NOT NULL, 
	county VARCHAR(80) DEFAULT ('') NOT NULL, 
	language VARCHAR(80) DEFAULT ('') NOT NULL, 
	presenters VARCHAR(300) DEFAULT ('') NOT NULL, 
	about TEXT DEFAULT ('') NOT NULL, 
	is_open BOOLEAN DEFAULT 0 NOT NULL, 
	materials INTEGER, 
	objective_id INTEGER, time_changed_at DATETIME, place_changed_at DATETIME, 
	CONSTRAINT ck_plan_activity_activitykind CHECK (kind IN ('training', 'outreach', 'policy', 'fund_raising', 'other')), 
	CONSTRAINT ck_plan_activity_activitystate CHECK (state IN ('planned', 'held', 'called_off')), 
	CONSTRAINT ck_plan_activity_goal_or_action CHECK (goal_id IS NULL OR action_id IS NULL), 
	CONSTRAINT ck_plan_activity_hours CHECK (hours IS NULL OR hours >= 0), 
	CONSTRAINT ck_plan_activity_materials CHECK (materials IS NULL OR materials >= 0), 
	CONSTRAINT ck_plan_activity_minutes CHECK (minutes IS NULL OR minutes > 0), 
	CONSTRAINT ck_plan_activity_objective_alone CHECK (objective_id IS NULL OR (goal_id IS NULL AND action_id IS NULL)), 
	CONSTRAINT ck_plan_activity_reached CHECK (reached IS NULL OR reached >= 0), 
	CONSTRAINT ck_plan_activity_title CHECK (title <> ''), 
	CONSTRAINT fk_plan_activity_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_activity_coalition_id_action_id FOREIGN KEY(coalition_id, action_id) REFERENCES plan_action (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_activity_coalition_id_created_by_id FOREIGN KEY(coalition_id, created_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_activity_coalition_id_goal_id FOREIGN KEY(coalition_id, goal_id) REFERENCES plan_goal (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_activity_coalition_id_objective_id FOREIGN KEY(coalition_id, objective_id) REFERENCES plan_objective (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_plan_activity PRIMARY KEY (id), 
	CONSTRAINT uq_plan_activity_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE plan_activity_audience (
	activity_id INTEGER NOT NULL, 
	discipline VARCHAR(40) NOT NULL, 
	people INTEGER, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_plan_activity_audience_discipline CHECK (discipline <> ''), 
	CONSTRAINT ck_plan_activity_audience_people CHECK (people IS NULL OR people >= 0), 
	CONSTRAINT fk_plan_activity_audience_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_activity_audience_coalition_id_activity_id FOREIGN KEY(coalition_id, activity_id) REFERENCES plan_activity (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_plan_activity_audience PRIMARY KEY (id), 
	CONSTRAINT uq_plan_activity_audience_activity_id_discipline UNIQUE (activity_id, discipline)
);
CREATE TABLE plan_activity_hours (
	activity_id INTEGER NOT NULL, 
	membership_id INTEGER NOT NULL, 
	hours DOUBLE NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_plan_activity_hours_hours CHECK (hours > 0), 
	CONSTRAINT fk_plan_activity_hours_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_activity_hours_coalition_id_activity_id FOREIGN KEY(coalition_id, activity_id) REFERENCES plan_activity (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_activity_hours_coalition_id_membership_id FOREIGN KEY(coalition_id, membership_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_plan_activity_hours PRIMARY KEY (id), 
	CONSTRAINT uq_plan_activity_hours_activity_id_membership_id UNIQUE (activity_id, membership_id)
);
CREATE TABLE plan_activity_partner (
	activity_id INTEGER NOT NULL, 
	organization_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_plan_activity_partner_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_activity_partner_coalition_id_activity_id FOREIGN KEY(coalition_id, activity_id) REFERENCES plan_activity (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_activity_partner_coalition_id_organization_id FOREIGN KEY(coalition_id, organization_id) REFERENCES partners_organization (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_plan_activity_partner PRIMARY KEY (id)
);
CREATE TABLE plan_feedback (
	activity_id INTEGER NOT NULL, 
	nonce VARCHAR(43) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	k INTEGER NOT NULL, 
	opened_at DATETIME, 
	opened_by_id INTEGER, 
	closed_at DATETIME, 
	told JSON, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_plan_feedback_closed CHECK (closed_at IS NULL OR opened_at IS NOT NULL), 
	CONSTRAINT fk_plan_feedback_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_feedback_coalition_id_activity_id FOREIGN KEY(coalition_id, activity_id) REFERENCES plan_activity (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_feedback_coalition_id_opened_by_id FOREIGN KEY(coalition_id, opened_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_plan_feedback PRIMARY KEY (id), 
	CONSTRAINT uq_plan_feedback_activity_id UNIQUE (activity_id), 
	CONSTRAINT uq_plan_feedback_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_plan_feedback_token_hash UNIQUE (token_hash)
);
CREATE TABLE plan_feedback_question (
	feedback_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	text VARCHAR(300) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	asked VARCHAR(40) NOT NULL, 
	option_1 VARCHAR(120) NOT NULL, 
	option_2 VARCHAR(120) NOT NULL, 
	option_3 VARCHAR(120) NOT NULL, 
	option_4 VARCHAR(120) NOT NULL, 
	option_5 VARCHAR(120) NOT NULL, 
	option_6 VARCHAR(120) NOT NULL, 
	option_7 VARCHAR(120) NOT NULL, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_plan_feedback_question_askedwhen CHECK (asked IN ('before', 'after', 'both')), 
	CONSTRAINT ck_plan_feedback_question_questionkind CHECK (kind IN ('levels', 'one', 'several', 'yes_no')), 
	CONSTRAINT ck_plan_feedback_question_text CHECK (text <> ''), 
	CONSTRAINT fk_plan_feedback_question_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_feedback_question_coalition_id_feedback_id FOREIGN KEY(coalition_id, feedback_id) REFERENCES plan_feedback (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_plan_feedback_question PRIMARY KEY (id), 
	CONSTRAINT uq_plan_feedback_question_feedback_id_number UNIQUE (feedback_id, number)
);
CREATE TABLE plan_feedback_response (
	feedback_id INTEGER NOT NULL, 
	moment VARCHAR(40) NOT NULL, 
	key_hash VARCHAR(64) NOT NULL, 
	answers JSON NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_plan_feedback_response_moment CHECK (moment IN ('before', 'after')), 
	CONSTRAINT fk_plan_feedback_response_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_feedback_response_coalition_id_feedback_id FOREIGN KEY(coalition_id, feedback_id) REFERENCES plan_feedback (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_plan_feedback_response PRIMARY KEY (id), 
	CONSTRAINT uq_plan_feedback_response_feedback_id_moment_key_hash UNIQUE (feedback_id, moment, key_hash)
);
CREATE TABLE "plan_goal" (
	plan_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	why TEXT NOT NULL, 
	area VARCHAR(40) NOT NULL, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	group_id INTEGER, 
	CONSTRAINT ck_plan_goal_title CHECK (title <> ''), 
	CONSTRAINT fk_plan_goal_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_goal_coalition_id_group_id FOREIGN KEY(coalition_id, group_id) REFERENCES coalitions_group (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_goal_coalition_id_plan_id FOREIGN KEY(coalition_id, plan_id) REFERENCES plan_plan (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_plan_goal PRIMARY KEY (id), 
	CONSTRAINT uq_plan_goal_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE plan_goal_carried (
	goal_id INTEGER NOT NULL, 
	from_id INTEGER NOT NULL, 
	why VARCHAR(40) NOT NULL, 
	reason VARCHAR(300) NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_plan_goal_carried_carrywhy CHECK (why IN ('not_finished', 'continues', 'other')), 
	CONSTRAINT ck_plan_goal_carried_other_has_words CHECK (why <> 'other' OR reason <> ''), 
	CONSTRAINT fk_plan_goal_carried_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_goal_carried_coalition_id_from_id FOREIGN KEY(coalition_id, from_id) REFERENCES plan_goal (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_goal_carried_coalition_id_goal_id FOREIGN KEY(coalition_id, goal_id) REFERENCES plan_goal (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_plan_goal_carried PRIMARY KEY (id), 
	CONSTRAINT uq_plan_goal_carried_goal_id UNIQUE (goal_id)
);
CREATE TABLE plan_goal_need (
	goal_id INTEGER NOT NULL, 
	need_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_plan_goal_need_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_goal_need_coalition_id_goal_id FOREIGN KEY(coalition_id, goal_id) REFERENCES plan_goal (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_goal_need_coalition_id_need_id FOREIGN KEY(coalition_id, need_id) REFERENCES strengths_need (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_plan_goal_need PRIMARY KEY (id), 
	CONSTRAINT uq_plan_goal_need_goal_id_need_id UNIQUE (goal_id, need_id)
);
CREATE TABLE plan_measure (
	objective_id INTEGER NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	number_kind VARCHAR(40) NOT NULL, 
	unit VARCHAR(40) NOT NULL, 
	direction VARCHAR(40) NOT NULL, 
	baseline_value DOUBLE, 
	baseline_on DATE, 
	target_value DOUBLE, 
	target_on DATE, 
	created_at DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_plan_measure_baseline_has_date CHECK ((baseline_value IS NULL) = (baseline_on IS NULL)), 
	CONSTRAINT ck_plan_measure_dates CHECK (target_on IS NULL OR baseline_on IS NULL OR target_on > baseline_on), 
	CONSTRAINT ck_plan_measure_direction CHECK (direction IN ('up', 'down')), 
	CONSTRAINT ck_plan_measure_measurekind CHECK (kind IN ('how_much', 'how_well', 'better_off')), 
	CONSTRAINT ck_plan_measure_not_negative CHECK (number_kind = 'amount' OR ((baseline_value IS NULL OR baseline_value >= 0) AND (target_value IS NULL OR target_value >= 0))), 
	CONSTRAINT ck_plan_measure_numberkind CHECK (number_kind IN ('count', 'percent', 'amount')), 
	CONSTRAINT ck_plan_measure_percent CHECK (number_kind <> 'percent' OR ((baseline_value IS NULL OR baseline_value <= 100) AND (target_value IS NULL OR target_value <= 100))), 
	CONSTRAINT ck_plan_measure_target_has_value CHECK (target_on IS NULL OR target_value IS NOT NULL), 
	CONSTRAINT ck_plan_measure_title CHECK (title <> ''), 
	CONSTRAINT fk_plan_measure_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_measure_coalition_id_objective_id FOREIGN KEY(coalition_id, objective_id) REFERENCES plan_objective (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_plan_measure PRIMARY KEY (id), 
	CONSTRAINT uq_plan_measure_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE plan_objective (
	goal_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	measure VARCHAR(300) NOT NULL, 
	due_on DATE, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_plan_objective_title CHECK (title <> ''), 
	CONSTRAINT fk_plan_objective_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_objective_coalition_id_goal_id FOREIGN KEY(coalition_id, goal_id) REFERENCES plan_goal (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_plan_objective PRIMARY KEY (id), 
	CONSTRAINT uq_plan_objective_coalition_id_goal_id_id UNIQUE (coalition_id, goal_id, id), 
	CONSTRAINT uq_plan_objective_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE plan_objective_carried (
	objective_id INTEGER NOT NULL, 
	from_id INTEGER NOT NULL, 
	why VARCHAR(40) NOT NULL, 
	reason VARCHAR(300) NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_plan_objective_carried_carrywhy CHECK (why IN ('not_finished', 'continues', 'other')), 
	CONSTRAINT ck_plan_objective_carried_other_has_words CHECK (why <> 'other' OR reason <> ''), 
	CONSTRAINT fk_plan_objective_carried_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_objective_carried_coalition_id_from_id FOREIGN KEY(coalition_id, from_id) REFERENCES plan_objective (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_objective_carried_coalition_id_objective_id FOREIGN KEY(coalition_id, objective_id) REFERENCES plan_objective (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_plan_objective_carried PRIMARY KEY (id), 
	CONSTRAINT uq_plan_objective_carried_objective_id UNIQUE (objective_id)
);
CREATE TABLE "plan_plan" (
	title VARCHAR(120) NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	starts_on DATE, 
	ends_on DATE, 
	adopted_on DATE, 
	adopted_at_meeting VARCHAR(120) NOT NULL, 
	snapshot JSON, 
	closed_on DATE, 
	created_at DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	meeting_id INTEGER, 
	CONSTRAINT ck_plan_plan_period CHECK (ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on), 
	CONSTRAINT ck_plan_plan_planstatus CHECK (status IN ('draft', 'adopted', 'closed')), 
	CONSTRAINT ck_plan_plan_title CHECK (title <> ''), 
	CONSTRAINT fk_plan_plan_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_plan_coalition_id_meeting_id FOREIGN KEY(coalition_id, meeting_id) REFERENCES meetings_meeting (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_plan_plan PRIMARY KEY (id), 
	CONSTRAINT uq_plan_plan_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE plan_reading (
	measure_id INTEGER NOT NULL, 
	taken_on DATE NOT NULL, 
	value DOUBLE NOT NULL, 
	source VARCHAR(200) NOT NULL, 
	written_at DATETIME NOT NULL, 
	written_by_id INTEGER, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_plan_reading_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_reading_coalition_id_measure_id FOREIGN KEY(coalition_id, measure_id) REFERENCES plan_measure (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_reading_coalition_id_written_by_id FOREIGN KEY(coalition_id, written_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_plan_reading PRIMARY KEY (id), 
	CONSTRAINT uq_plan_reading_measure_id_taken_on UNIQUE (measure_id, taken_on)
);
CREATE TABLE plan_repeat (
	unit VARCHAR(40) NOT NULL, 
	every INTEGER NOT NULL, 
	day INTEGER, 
	nth INTEGER, 
	weekday INTEGER, 
	anchor_on DATE NOT NULL, 
	times INTEGER, 
	until_on DATE, 
	last_on DATE NOT NULL, 
	next_on DATE, 
	stopped_on DATE, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_plan_repeat_day CHECK (day BETWEEN 1 AND 31), 
	CONSTRAINT ck_plan_repeat_day_of_month CHECK ((unit = 'month_day') = (day IS NOT NULL)), 
	CONSTRAINT ck_plan_repeat_every CHECK (every BETWEEN 1 AND 60), 
	CONSTRAINT ck_plan_repeat_next_is_later CHECK (next_on > last_on), 
	CONSTRAINT ck_plan_repeat_nth CHECK (nth IN (1, 2, 3, 4, -1)), 
	CONSTRAINT ck_plan_repeat_nth_weekday CHECK ((unit = 'month_weekday') = (nth IS NOT NULL) AND (nth IS NULL) = (weekday IS NULL)), 
	CONSTRAINT ck_plan_repeat_one_end CHECK (times IS NULL OR until_on IS NULL), 
	CONSTRAINT ck_plan_repeat_repeatunit CHECK (unit IN ('week', 'month_day', 'month_weekday')), 
	CONSTRAINT ck_plan_repeat_stopped_has_no_next CHECK (stopped_on IS NULL OR next_on IS NULL), 
	CONSTRAINT ck_plan_repeat_times CHECK (times >= 1), 
	CONSTRAINT ck_plan_repeat_weekday CHECK (weekday BETWEEN 0 AND 6), 
	CONSTRAINT fk_plan_repeat_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT pk_plan_repeat PRIMARY KEY (id), 
	CONSTRAINT uq_plan_repeat_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE plan_review (
	plan_id INTEGER NOT NULL, 
	since DATE NOT NULL, 
	until DATE NOT NULL, 
	held_on DATE NOT NULL, 
	meeting_id INTEGER, 
	next_on DATE, 
	assess_on DATE, 
	created_at DATETIME NOT NULL, 
	created_by_id INTEGER, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_plan_review_period CHECK (until >= since), 
	CONSTRAINT fk_plan_review_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_review_coalition_id_created_by_id FOREIGN KEY(coalition_id, created_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_review_coalition_id_meeting_id FOREIGN KEY(coalition_id, meeting_id) REFERENCES meetings_meeting (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_plan_review_coalition_id_plan_id FOREIGN KEY(coalition_id, plan_id) REFERENCES plan_plan (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_plan_review PRIMARY KEY (id), 
	CONSTRAINT uq_plan_review_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE plan_review_note (
	review_id INTEGER NOT NULL, 
	goal_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_plan_review_note_text CHECK (text <> ''), 
	CONSTRAINT fk_plan_review_note_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_review_note_coalition_id_goal_id FOREIGN KEY(coalition_id, goal_id) REFERENCES plan_goal (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_review_note_coalition_id_review_id FOREIGN KEY(coalition_id, review_id) REFERENCES plan_review (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_plan_review_note PRIMARY KEY (id), 
	CONSTRAINT uq_plan_review_note_review_id_goal_id UNIQUE (review_id, goal_id)
);
CREATE TABLE "plan_signup" (
	activity_id INTEGER NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	phone VARCHAR(40) NOT NULL, 
	organization VARCHAR(160) NOT NULL, 
	sector VARCHAR(40) NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	press VARCHAR(43) NOT NULL, 
	nonce VARCHAR(43) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	confirm_hash VARCHAR(64) NOT NULL, 
	made_at DATETIME NOT NULL, 
	mail VARCHAR(40) NOT NULL, 
	tries INTEGER NOT NULL, 
	confirmed_at DATETIME, 
	came_at DATETIME, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	language VARCHAR(10) DEFAULT ('') NOT NULL, 
	is_namesake BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_plan_signup_letterstate CHECK (mail IN ('none', 'waiting', 'claimed', 'sent', 'failed')), 
	CONSTRAINT ck_plan_signup_name CHECK (name <> ''), 
	CONSTRAINT ck_plan_signup_signupstate CHECK (state IN ('coming', 'waiting')), 
	CONSTRAINT fk_plan_signup_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_signup_coalition_id_activity_id FOREIGN KEY(coalition_id, activity_id) REFERENCES plan_activity (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT uq_plan_signup_activity_id_press UNIQUE (activity_id, press), 
	CONSTRAINT uq_plan_signup_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_plan_signup_confirm_hash UNIQUE (confirm_hash), 
	CONSTRAINT uq_plan_signup_token_hash UNIQUE (token_hash)
);
CREATE TABLE "plan_signup_page" (
	activity_id INTEGER NOT NULL, 
	nonce VARCHAR(43) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	here_hash VARCHAR(64) NOT NULL, 
	seats INTEGER, 
	opened_at DATETIME NOT NULL, 
	opened_by_id INTEGER, 
	closed_at DATETIME, 
	signed_up INTEGER NOT NULL, 
	came INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	here_nonce VARCHAR(43) NOT NULL, 
	CONSTRAINT ck_plan_signup_page_seats CHECK (seats IS NULL OR seats > 0), 
	CONSTRAINT fk_plan_signup_page_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_signup_page_coalition_id_activity_id FOREIGN KEY(coalition_id, activity_id) REFERENCES plan_activity (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_signup_page_coalition_id_opened_by_id FOREIGN KEY(coalition_id, opened_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_plan_signup_page PRIMARY KEY (id), 
	CONSTRAINT uq_plan_signup_page_activity_id UNIQUE (activity_id), 
	CONSTRAINT uq_plan_signup_page_here_hash UNIQUE (here_hash), 
	CONSTRAINT uq_plan_signup_page_token_hash UNIQUE (token_hash)
);
CREATE TABLE "plan_update" (
	action_id INTEGER NOT NULL, 
	author_id INTEGER, 
	written_at DATETIME NOT NULL, 
	text TEXT NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	is_by_mail BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT ck_plan_update_text CHECK (text <> ''), 
	CONSTRAINT fk_plan_update_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_update_coalition_id_action_id FOREIGN KEY(coalition_id, action_id) REFERENCES plan_action (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_plan_update_coalition_id_author_id FOREIGN KEY(coalition_id, author_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_plan_update PRIMARY KEY (id)
);
CREATE TABLE reports_framing_site (
	origin VARCHAR(120) NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_reports_framing_site_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT pk_reports_framing_site PRIMARY KEY (id), 
	CONSTRAINT uq_reports_framing_site_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_reports_framing_site_coalition_id_origin UNIQUE (coalition_id, origin)
);
CREATE TABLE reports_funder_copy (
	title VARCHAR(120) NOT NULL, 
	since DATE NOT NULL, 
	until DATE NOT NULL, 
	layout VARCHAR(40) NOT NULL, 
	made_at DATETIME NOT NULL, 
	made_by_id INTEGER, 
	paper JSON NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_reports_funder_copy_layout CHECK (layout IN ('own', 'federal', 'state')), 
	CONSTRAINT ck_reports_funder_copy_period CHECK (until >= since), 
	CONSTRAINT ck_reports_funder_copy_title CHECK (title <> ''), 
	CONSTRAINT fk_reports_funder_copy_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_reports_funder_copy_coalition_id_made_by_id FOREIGN KEY(coalition_id, made_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_reports_funder_copy PRIMARY KEY (id), 
	CONSTRAINT uq_reports_funder_copy_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE reports_funder_copy_text (
	copy_id INTEGER NOT NULL, 
	part VARCHAR(40) NOT NULL, 
	text TEXT NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_reports_funder_copy_text_part CHECK (part IN ('figures', 'before', 'once', 'meetings', 'attendance', 'people', 'partnerships', 'agreements', 'activities', 'audiences', 'places', 'actions', 'measures', 'changes')), 
	CONSTRAINT fk_reports_funder_copy_text_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_reports_funder_copy_text_coalition_id_copy_id FOREIGN KEY(coalition_id, copy_id) REFERENCES reports_funder_copy (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_reports_funder_copy_text PRIMARY KEY (id), 
	CONSTRAINT uq_reports_funder_copy_text_copy_id_part UNIQUE (copy_id, part)
);
CREATE TABLE reports_funder_order (
	parts JSON NOT NULL, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_reports_funder_order_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT pk_reports_funder_order PRIMARY KEY (id), 
	CONSTRAINT uq_reports_funder_order_coalition_id UNIQUE (coalition_id)
);
CREATE TABLE reports_funder_text (
	since DATE NOT NULL, 
	until DATE NOT NULL, 
	part VARCHAR(40) NOT NULL, 
	text TEXT NOT NULL, 
	written_at DATETIME NOT NULL, 
	written_by_id INTEGER, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_reports_funder_text_part CHECK (part IN ('figures', 'before', 'once', 'meetings', 'attendance', 'people', 'partnerships', 'agreements', 'activities', 'audiences', 'places', 'actions', 'measures', 'changes')), 
	CONSTRAINT ck_reports_funder_text_period CHECK (until >= since), 
	CONSTRAINT fk_reports_funder_text_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_reports_funder_text_coalition_id_written_by_id FOREIGN KEY(coalition_id, written_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_reports_funder_text PRIMARY KEY (id), 
	CONSTRAINT uq_reports_funder_text_coalition_id_since_until_part UNIQUE (coalition_id, since, until, part)
);
CREATE TABLE reports_handover_note (
	text TEXT NOT NULL, 
	written_at DATETIME NOT NULL, 
	written_by_id INTEGER, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_reports_handover_note_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_reports_handover_note_coalition_id_written_by_id FOREIGN KEY(coalition_id, written_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_reports_handover_note PRIMARY KEY (id), 
	CONSTRAINT uq_reports_handover_note_coalition_id UNIQUE (coalition_id)
);
CREATE TABLE reports_live_copy (
	kind VARCHAR(40) NOT NULL, 
	claimed_at DATETIME NOT NULL, 
	made_at DATETIME, 
	etag VARCHAR(64) NOT NULL, 
	body TEXT NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_reports_live_copy_livetable CHECK (kind IN ('plan', 'measures', 'activities', 'counts', 'coverage')), 
	CONSTRAINT fk_reports_live_copy_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT pk_reports_live_copy PRIMARY KEY (id), 
	CONSTRAINT uq_reports_live_copy_coalition_id_kind UNIQUE (coalition_id, kind)
);
CREATE TABLE reports_live_link (
	name VARCHAR(80) NOT NULL, 
	nonce VARCHAR(43) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	made_at DATETIME NOT NULL, 
	ends_on DATE NOT NULL, 
	used_at DATETIME, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_reports_live_link_name CHECK (name <> ''), 
	CONSTRAINT fk_reports_live_link_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT pk_reports_live_link PRIMARY KEY (id), 
	CONSTRAINT uq_reports_live_link_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_reports_live_link_token_hash UNIQUE (token_hash)
);
CREATE TABLE reports_live_title (
	title_hash VARCHAR(64) NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_reports_live_title_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT pk_reports_live_title PRIMARY KEY (id), 
	CONSTRAINT uq_reports_live_title_coalition_id_title_hash UNIQUE (coalition_id, title_hash)
);
CREATE TABLE reports_public_goal (
	goal_id INTEGER NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	is_shown BOOLEAN NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_reports_public_goal_shown_has_title CHECK (NOT is_shown OR title <> ''), 
	CONSTRAINT fk_reports_public_goal_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_reports_public_goal_coalition_id_goal_id FOREIGN KEY(coalition_id, goal_id) REFERENCES plan_goal (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_reports_public_goal PRIMARY KEY (id), 
	CONSTRAINT uq_reports_public_goal_goal_id UNIQUE (goal_id)
);
CREATE TABLE reports_public_measure (
	measure_id INTEGER NOT NULL, 
	title VARCHAR(120) NOT NULL, 
	unit VARCHAR(40) NOT NULL, 
	is_shown BOOLEAN NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_reports_public_measure_shown_has_title CHECK (NOT is_shown OR title <> ''), 
	CONSTRAINT fk_reports_public_measure_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_reports_public_measure_coalition_id_measure_id FOREIGN KEY(coalition_id, measure_id) REFERENCES plan_measure (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_reports_public_measure PRIMARY KEY (id), 
	CONSTRAINT uq_reports_public_measure_measure_id UNIQUE (measure_id)
);
CREATE TABLE reports_public_page (
	nonce VARCHAR(43), 
	token_hash VARCHAR(64), 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_reports_public_page_nonce_of_token CHECK ((token_hash IS NULL) = (nonce IS NULL)), 
	CONSTRAINT fk_reports_public_page_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT pk_reports_public_page PRIMARY KEY (id), 
	CONSTRAINT uq_reports_public_page_coalition_id UNIQUE (coalition_id), 
	CONSTRAINT uq_reports_public_page_token_hash UNIQUE (token_hash)
);
CREATE TABLE reports_public_partner (
	agreement_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_reports_public_partner_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_reports_public_partner_coalition_id_agreement_id FOREIGN KEY(coalition_id, agreement_id) REFERENCES partners_agreement (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_reports_public_partner PRIMARY KEY (id), 
	CONSTRAINT uq_reports_public_partner_agreement_id UNIQUE (agreement_id)
);
CREATE TABLE strengths_agreement_need (
	agreement_id INTEGER NOT NULL, 
	need_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_strengths_agreement_need_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_strengths_agreement_need_coalition_id_agreement_id FOREIGN KEY(coalition_id, agreement_id) REFERENCES partners_agreement (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_strengths_agreement_need_coalition_id_need_id FOREIGN KEY(coalition_id, need_id) REFERENCES strengths_need (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_strengths_agreement_need PRIMARY KEY (id), 
	CONSTRAINT uq_strengths_agreement_need_agreement_id_need_id UNIQUE (agreement_id, need_id)
);
CREATE TABLE strengths_ballot (
	vote_id INTEGER NOT NULL, 
	code_id INTEGER, 
	key_hash VARCHAR(64) NOT NULL, 
	revision INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_strengths_ballot_revision CHECK (revision >= 1), 
	CONSTRAINT fk_strengths_ballot_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_strengths_ballot_coalition_id_code_id FOREIGN KEY(coalition_id, code_id) REFERENCES strengths_vote_code (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_strengths_ballot_coalition_id_vote_id FOREIGN KEY(coalition_id, vote_id) REFERENCES strengths_vote (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_strengths_ballot PRIMARY KEY (id), 
	CONSTRAINT uq_strengths_ballot_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_strengths_ballot_code_id UNIQUE (code_id), 
	CONSTRAINT uq_strengths_ballot_vote_id_key_hash UNIQUE (vote_id, key_hash)
);
CREATE TABLE strengths_ballot_rating (
	ballot_id INTEGER NOT NULL, 
	vote_need_id INTEGER NOT NULL, 
	importance INTEGER, 
	feasibility INTEGER, 
	dots INTEGER, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_strengths_ballot_rating_dots CHECK (dots IS NULL OR dots >= 1), 
	CONSTRAINT ck_strengths_ballot_rating_feasibility CHECK (feasibility IS NULL OR (feasibility >= 1 AND feasibility <= 5)), 
	CONSTRAINT ck_strengths_ballot_rating_importance CHECK (importance IS NULL OR (importance >= 1 AND importance <= 5)), 
	CONSTRAINT ck_strengths_ballot_rating_rated_or_dots CHECK ((dots IS NULL) = (importance IS NOT NULL)), 
	CONSTRAINT ck_strengths_ballot_rating_rated_whole CHECK ((importance IS NULL) = (feasibility IS NULL)), 
	CONSTRAINT fk_strengths_ballot_rating_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_strengths_ballot_rating_coalition_id_ballot_id FOREIGN KEY(coalition_id, ballot_id) REFERENCES strengths_ballot (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_strengths_ballot_rating_coalition_id_vote_need_id FOREIGN KEY(coalition_id, vote_need_id) REFERENCES strengths_vote_need (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_strengths_ballot_rating PRIMARY KEY (id), 
	CONSTRAINT uq_strengths_ballot_rating_ballot_id_vote_need_id UNIQUE (ballot_id, vote_need_id)
);
CREATE TABLE strengths_match (
	need_id INTEGER NOT NULL, 
	strength_id INTEGER NOT NULL, 
	how TEXT NOT NULL, 
	ask_id INTEGER, 
	ask VARCHAR(200) NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	asked_on DATE, 
	created_at DATETIME NOT NULL, 
	created_by_id INTEGER, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_strengths_match_asked_has_date CHECK (state <> 'to_ask' OR asked_on IS NULL), 
	CONSTRAINT ck_strengths_match_matchstate CHECK (state IN ('to_ask', 'asked', 'agreed', 'declined')), 
	CONSTRAINT fk_strengths_match_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_strengths_match_coalition_id_ask_id FOREIGN KEY(coalition_id, ask_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_strengths_match_coalition_id_created_by_id FOREIGN KEY(coalition_id, created_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_strengths_match_coalition_id_need_id FOREIGN KEY(coalition_id, need_id) REFERENCES strengths_need (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_strengths_match_coalition_id_strength_id FOREIGN KEY(coalition_id, strength_id) REFERENCES strengths_strength (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_strengths_match PRIMARY KEY (id), 
	CONSTRAINT uq_strengths_match_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_strengths_match_coalition_id_need_id_id UNIQUE (coalition_id, need_id, id), 
	CONSTRAINT uq_strengths_match_need_id_strength_id UNIQUE (need_id, strength_id)
);
CREATE TABLE strengths_need (
	number INTEGER NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	details TEXT NOT NULL, 
	area VARCHAR(60) NOT NULL, 
	round_id INTEGER, 
	indicator VARCHAR(60) NOT NULL, 
	stated_gap INTEGER, 
	importance DOUBLE, 
	feasibility DOUBLE, 
	rating_source VARCHAR(40), 
	rated_on DATE, 
	no_strength_on DATE, 
	closed_on DATE, 
	closed_reason TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	created_by_id INTEGER, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_strengths_need_feasibility CHECK (feasibility IS NULL OR (feasibility >= 1 AND feasibility <= 5)), 
	CONSTRAINT ck_strengths_need_gap_by_hand CHECK ((round_id IS NULL) = (stated_gap IS NOT NULL)), 
	CONSTRAINT ck_strengths_need_importance CHECK (importance IS NULL OR (importance >= 1 AND importance <= 5)), 
	CONSTRAINT ck_strengths_need_indicator_of_round CHECK ((round_id IS NULL) = (indicator = '')), 
	CONSTRAINT ck_strengths_need_number CHECK (number >= 1), 
	CONSTRAINT ck_strengths_need_rated_whole CHECK ((importance IS NULL) = (feasibility IS NULL)), 
	CONSTRAINT ck_strengths_need_rating_has_date CHECK ((importance IS NULL) = (rated_on IS NULL)), 
	CONSTRAINT ck_strengths_need_rating_has_source CHECK ((importance IS NULL) = (rating_source IS NULL)), 
	CONSTRAINT ck_strengths_need_ratingsource CHECK (rating_source IN ('hand', 'vote')), 
	CONSTRAINT ck_strengths_need_stated_gap CHECK (stated_gap IS NULL OR (stated_gap >= 1 AND stated_gap <= 4)), 
	CONSTRAINT ck_strengths_need_title CHECK (title <> ''), 
	CONSTRAINT fk_strengths_need_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_strengths_need_coalition_id_created_by_id FOREIGN KEY(coalition_id, created_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_strengths_need_coalition_id_round_id FOREIGN KEY(coalition_id, round_id) REFERENCES assessment_round (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_strengths_need PRIMARY KEY (id), 
	CONSTRAINT uq_strengths_need_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_strengths_need_coalition_id_number UNIQUE (coalition_id, number), 
	CONSTRAINT uq_strengths_need_round_id_indicator UNIQUE (round_id, indicator)
);
CREATE TABLE "strengths_strength" (
	title VARCHAR(300) NOT NULL, 
	giver_id INTEGER, 
	organization_id INTEGER, 
	created_at DATETIME NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	kind VARCHAR(40), 
	indicator VARCHAR(60) NOT NULL, 
	limits TEXT NOT NULL, 
	withdrawn_on DATE, 
	created_by_id INTEGER, 
	version INTEGER NOT NULL, 
	CONSTRAINT ck_strengths_strength_strengthkind CHECK (kind IN ('people', 'organization', 'place', 'money', 'knowledge', 'relationship')), 
	CONSTRAINT ck_strengths_strength_title CHECK (title <> ''), 
	CONSTRAINT fk_strengths_strength_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_strengths_strength_coalition_id_created_by_id FOREIGN KEY(coalition_id, created_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_strengths_strength_coalition_id_giver_id FOREIGN KEY(coalition_id, giver_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_strengths_strength_coalition_id_organization_id FOREIGN KEY(coalition_id, organization_id) REFERENCES partners_organization (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_strengths_strength PRIMARY KEY (id), 
	CONSTRAINT uq_strengths_strength_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE strengths_strength_area (
	strength_id INTEGER NOT NULL, 
	area VARCHAR(60) NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_strengths_strength_area_area CHECK (area <> ''), 
	CONSTRAINT fk_strengths_strength_area_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_strengths_strength_area_coalition_id_strength_id FOREIGN KEY(coalition_id, strength_id) REFERENCES strengths_strength (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_strengths_strength_area PRIMARY KEY (id), 
	CONSTRAINT uq_strengths_strength_area_strength_id_area UNIQUE (strength_id, area)
);
CREATE TABLE strengths_vote (
	title VARCHAR(120) NOT NULL, 
	meeting_id INTEGER, 
	method VARCHAR(40) NOT NULL, 
	access VARCHAR(40) NOT NULL, 
	dots INTEGER, 
	dots_each INTEGER, 
	shows_order BOOLEAN NOT NULL, 
	people_here INTEGER, 
	state VARCHAR(40) NOT NULL, 
	token VARCHAR(16) NOT NULL, 
	opened_at DATETIME, 
	closed_at DATETIME, 
	ballots INTEGER, 
	created_at DATETIME NOT NULL, 
	created_by_id INTEGER, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_strengths_vote_closed_has_count CHECK ((state = 'closed') = (ballots IS NOT NULL)), 
	CONSTRAINT ck_strengths_vote_closed_has_time CHECK ((state = 'closed') = (closed_at IS NOT NULL)), 
	CONSTRAINT ck_strengths_vote_dots CHECK (dots IS NULL OR (dots_each >= 1 AND dots_each <= dots AND dots <= 20)), 
	CONSTRAINT ck_strengths_vote_dots_have_limit CHECK ((dots IS NULL) = (dots_each IS NULL)), 
	CONSTRAINT ck_strengths_vote_dots_have_number CHECK ((method = 'dots') = (dots IS NOT NULL)), 
	CONSTRAINT ck_strengths_vote_opened_has_time CHECK ((state = 'prepared') = (opened_at IS NULL)), 
	CONSTRAINT ck_strengths_vote_people_here CHECK (people_here IS NULL OR (people_here >= 0 AND people_here <= 5000)), 
	CONSTRAINT ck_strengths_vote_title CHECK (title <> ''), 
	CONSTRAINT ck_strengths_vote_voteaccess CHECK (access IN ('open', 'codes')), 
	CONSTRAINT ck_strengths_vote_votemethod CHECK (method IN ('rating', 'dots')), 
	CONSTRAINT ck_strengths_vote_votestate CHECK (state IN ('prepared', 'open', 'closed')), 
	CONSTRAINT fk_strengths_vote_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_strengths_vote_coalition_id_created_by_id FOREIGN KEY(coalition_id, created_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_strengths_vote_coalition_id_meeting_id FOREIGN KEY(coalition_id, meeting_id) REFERENCES meetings_meeting (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_strengths_vote PRIMARY KEY (id), 
	CONSTRAINT uq_strengths_vote_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_strengths_vote_token UNIQUE (token)
);
CREATE TABLE strengths_vote_code (
	vote_id INTEGER NOT NULL, 
	nonce VARCHAR(64) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_strengths_vote_code_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_strengths_vote_code_coalition_id_vote_id FOREIGN KEY(coalition_id, vote_id) REFERENCES strengths_vote (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_strengths_vote_code PRIMARY KEY (id), 
	CONSTRAINT uq_strengths_vote_code_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_strengths_vote_code_token_hash UNIQUE (token_hash)
);
CREATE TABLE strengths_vote_need (
	vote_id INTEGER NOT NULL, 
	need_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	by_hand BOOLEAN NOT NULL, 
	hands JSON, 
	voters INTEGER, 
	importance DOUBLE, 
	feasibility DOUBLE, 
	dots INTEGER, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_strengths_vote_need_dots CHECK (dots IS NULL OR (dots >= 0 AND importance IS NULL)), 
	CONSTRAINT ck_strengths_vote_need_feasibility CHECK (feasibility IS NULL OR (feasibility >= 1 AND feasibility <= 5)), 
	CONSTRAINT ck_strengths_vote_need_hands_counted_by_hand CHECK (hands IS NULL OR by_hand), 
	CONSTRAINT ck_strengths_vote_need_importance CHECK (importance IS NULL OR (importance >= 1 AND importance <= 5)), 
	CONSTRAINT ck_strengths_vote_need_rated_whole CHECK ((importance IS NULL) = (feasibility IS NULL)), 
	CONSTRAINT ck_strengths_vote_need_voters CHECK (voters IS NULL OR voters >= 0), 
	CONSTRAINT fk_strengths_vote_need_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_strengths_vote_need_coalition_id_need_id FOREIGN KEY(coalition_id, need_id) REFERENCES strengths_need (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_strengths_vote_need_coalition_id_vote_id FOREIGN KEY(coalition_id, vote_id) REFERENCES strengths_vote (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_strengths_vote_need PRIMARY KEY (id), 
	CONSTRAINT uq_strengths_vote_need_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_strengths_vote_need_vote_id_need_id UNIQUE (vote_id, need_id)
);
CREATE TABLE toolkit_areas_read (
	reader_id INTEGER NOT NULL, 
	read_at DATETIME NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_toolkit_areas_read_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_toolkit_areas_read_coalition_id_reader_id FOREIGN KEY(coalition_id, reader_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_toolkit_areas_read PRIMARY KEY (id), 
	CONSTRAINT uq_toolkit_areas_read_reader_id UNIQUE (reader_id)
);
CREATE TABLE "toolkit_note" (
	author_id INTEGER NOT NULL, 
	area VARCHAR(40) NOT NULL, 
	section_id INTEGER, 
	mark VARCHAR(40) NOT NULL, 
	text TEXT NOT NULL, 
	is_shared BOOLEAN NOT NULL, 
	written_at DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	standing VARCHAR(40), 
	CONSTRAINT ck_toolkit_note_area_or_section CHECK ((area = '') = (section_id IS NOT NULL)), 
	CONSTRAINT ck_toolkit_note_ideastanding CHECK (standing IN ('kept', 'parked', 'set_aside')), 
	CONSTRAINT ck_toolkit_note_notemark CHECK (mark IN ('idea', 'question', 'key_point')), 
	CONSTRAINT ck_toolkit_note_text CHECK (text <> ''), 
	CONSTRAINT fk_toolkit_note_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_toolkit_note_coalition_id_author_id FOREIGN KEY(coalition_id, author_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_toolkit_note_coalition_id_section_id FOREIGN KEY(coalition_id, section_id) REFERENCES toolkit_section (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_toolkit_note PRIMARY KEY (id), 
	CONSTRAINT uq_toolkit_note_coalition_id_id UNIQUE (coalition_id, id)
);
CREATE TABLE toolkit_outcome (
	note_id INTEGER NOT NULL, 
	need_id INTEGER, 
	strength_id INTEGER, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_toolkit_outcome_need_or_strength CHECK ((need_id IS NULL) <> (strength_id IS NULL)), 
	CONSTRAINT fk_toolkit_outcome_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_toolkit_outcome_coalition_id_need_id FOREIGN KEY(coalition_id, need_id) REFERENCES strengths_need (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_toolkit_outcome_coalition_id_note_id FOREIGN KEY(coalition_id, note_id) REFERENCES toolkit_note (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_toolkit_outcome_coalition_id_strength_id FOREIGN KEY(coalition_id, strength_id) REFERENCES strengths_strength (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_toolkit_outcome PRIMARY KEY (id), 
	CONSTRAINT uq_toolkit_outcome_note_id UNIQUE (note_id)
);
CREATE TABLE toolkit_reader (
	section_id INTEGER NOT NULL, 
	reader_id INTEGER NOT NULL, 
	read_on DATE, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT fk_toolkit_reader_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_toolkit_reader_coalition_id_reader_id FOREIGN KEY(coalition_id, reader_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_toolkit_reader_coalition_id_section_id FOREIGN KEY(coalition_id, section_id) REFERENCES toolkit_section (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_toolkit_reader PRIMARY KEY (id), 
	CONSTRAINT uq_toolkit_reader_section_id_reader_id UNIQUE (section_id, reader_id)
);
CREATE TABLE toolkit_reply (
	note_id INTEGER NOT NULL, 
	author_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	written_at DATETIME NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_toolkit_reply_text CHECK (text <> ''), 
	CONSTRAINT fk_toolkit_reply_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_toolkit_reply_coalition_id_author_id FOREIGN KEY(coalition_id, author_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT fk_toolkit_reply_coalition_id_note_id FOREIGN KEY(coalition_id, note_id) REFERENCES toolkit_note (coalition_id, id) ON DELETE CASCADE, 
	CONSTRAINT pk_toolkit_reply PRIMARY KEY (id)
);
CREATE TABLE toolkit_section (
	"key" VARCHAR(60) NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	place VARCHAR(300) NOT NULL, 
	due_on DATE, 
	added_by_id INTEGER, 
	created_at DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	coalition_id INTEGER NOT NULL, 
	CONSTRAINT ck_toolkit_section_own_has_title CHECK ((substr(key, 1, 4) = 'own-') = (title <> '')), 
	CONSTRAINT fk_toolkit_section_coalition_id FOREIGN KEY(coalition_id) REFERENCES coalitions_coalition (id) ON DELETE CASCADE, 
	CONSTRAINT fk_toolkit_section_coalition_id_added_by_id FOREIGN KEY(coalition_id, added_by_id) REFERENCES coalitions_membership (coalition_id, id) ON DELETE RESTRICT, 
	CONSTRAINT pk_toolkit_section PRIMARY KEY (id), 
	CONSTRAINT uq_toolkit_section_coalition_id_id UNIQUE (coalition_id, id), 
	CONSTRAINT uq_toolkit_section_coalition_id_key UNIQUE (coalition_id, "key")
);
CREATE INDEX ix_accounts_asked_tie_user_id ON accounts_asked_tie (user_id);
CREATE INDEX ix_accounts_notice_about_id ON accounts_notice (about_id);
CREATE INDEX ix_accounts_notice_letter ON accounts_notice (letter);
CREATE INDEX ix_accounts_notice_user_id ON accounts_notice (user_id);
CREATE INDEX ix_accounts_passkey_user_id ON accounts_passkey (user_id);
CREATE INDEX ix_accounts_password_link_made_by_id ON accounts_password_link (made_by_id);
CREATE INDEX ix_accounts_password_link_user_id ON accounts_password_link (user_id);
CREATE INDEX ix_accounts_session_user_id ON accounts_session (user_id);
CREATE INDEX ix_accounts_sign_in_link_user_id ON accounts_sign_in_link (user_id);
CREATE INDEX ix_assessment_agreed_value_coalition_id ON assessment_agreed_value (coalition_id);
CREATE INDEX ix_assessment_agreed_value_meeting_id ON assessment_agreed_value (meeting_id);
CREATE INDEX ix_assessment_agreed_value_round_id ON assessment_agreed_value (round_id);
CREATE INDEX ix_assessment_agreed_value_set_by_id ON assessment_agreed_value (set_by_id);
CREATE INDEX ix_assessment_answer_response ON assessment_answer (coalition_id, response_id);
CREATE INDEX ix_assessment_door_coalition_id ON assessment_door (coalition_id);
CREATE INDEX ix_assessment_door_opened_by_id ON assessment_door (opened_by_id);
CREATE INDEX ix_assessment_door_round_id ON assessment_door (round_id);
CREATE INDEX ix_assessment_draft_set_coalition_id ON assessment_draft_set (coalition_id);
CREATE INDEX ix_assessment_draft_set_created_by_id ON assessment_draft_set (created_by_id);
CREATE INDEX ix_assessment_effort_added_by_id ON assessment_effort (added_by_id);
CREATE INDEX ix_assessment_effort_area ON assessment_effort (area);
CREATE INDEX ix_assessment_effort_coalition_id ON assessment_effort (coalition_id);
CREATE INDEX ix_assessment_effort_organization_id ON assessment_effort (organization_id);
CREATE INDEX ix_assessment_effort_response_id ON assessment_effort (response_id);
CREATE INDEX ix_assessment_effort_round_id ON assessment_effort (round_id);
CREATE INDEX ix_assessment_guest_coalition_id ON assessment_guest (coalition_id);
CREATE INDEX ix_assessment_guest_round_id ON assessment_guest (round_id);
CREATE INDEX ix_assessment_import_brought_by_id ON assessment_import (brought_by_id);
CREATE INDEX ix_assessment_import_coalition_id ON assessment_import (coalition_id);
CREATE INDEX ix_assessment_import_round_id ON assessment_import (round_id);
CREATE INDEX ix_assessment_offline_key_coalition_id ON assessment_offline_key (coalition_id);
CREATE INDEX ix_assessment_offline_key_response_id ON assessment_offline_key (response_id);
CREATE INDEX ix_assessment_paper_coalition_id ON assessment_paper (coalition_id);
CREATE INDEX ix_assessment_paper_keyed_by_id ON assessment_paper (keyed_by_id);
CREATE INDEX ix_assessment_paper_round_id ON assessment_paper (round_id);
CREATE INDEX ix_assessment_participant_coalition_id ON assessment_participant (coalition_id);
CREATE INDEX ix_assessment_participant_membership_id ON assessment_participant (membership_id);
CREATE INDEX ix_assessment_participant_round_id ON assessment_participant (round_id);
CREATE INDEX ix_assessment_release_coalition_id ON assessment_release (coalition_id);
CREATE INDEX ix_assessment_release_round_id ON assessment_release (round_id);
CREATE INDEX ix_assessment_reopening_coalition_id ON assessment_reopening (coalition_id);
CREATE INDEX ix_assessment_reopening_reopened_by_id ON assessment_reopening (reopened_by_id);
CREATE INDEX ix_assessment_reopening_round_id ON assessment_reopening (round_id);
CREATE INDEX ix_assessment_response_coalition_id ON assessment_response (coalition_id);
CREATE INDEX ix_assessment_response_respondent_id ON assessment_response (respondent_id);
CREATE INDEX ix_assessment_response_round_id ON assessment_response (round_id);
CREATE INDEX ix_assessment_round_coalition_id ON assessment_round (coalition_id);
CREATE INDEX ix_assessment_round_opened_by_id ON assessment_round (opened_by_id);
CREATE INDEX ix_assessment_slip_coalition_id ON assessment_slip (coalition_id);
CREATE INDEX ix_assessment_slip_door_id ON assessment_slip (door_id);
CREATE INDEX ix_assessment_start_count_hour ON assessment_start_count (hour);
CREATE INDEX ix_assessment_talking_point_added_by_id ON assessment_talking_point (added_by_id);
CREATE INDEX ix_assessment_talking_point_coalition_id ON assessment_talking_point (coalition_id);
CREATE INDEX ix_assessment_talking_point_round_id ON assessment_talking_point (round_id);
CREATE INDEX ix_assessment_tally_coalition_id ON assessment_tally (coalition_id);
CREATE INDEX ix_checklist_item_changed_by_id ON checklist_item (changed_by_id);
CREATE INDEX ix_checklist_item_coalition_id ON checklist_item (coalition_id);
CREATE INDEX ix_checklist_item_owner_id ON checklist_item (owner_id);
CREATE INDEX ix_coalitions_about_coalition_id ON coalitions_about (coalition_id);
CREATE INDEX ix_coalitions_audit_actor_id ON coalitions_audit (actor_id);
CREATE INDEX ix_coalitions_audit_coalition_id ON coalitions_audit (coalition_id);
CREATE INDEX ix_coalitions_audit_happened_at ON coalitions_audit (coalition_id, happened_at);
CREATE INDEX ix_coalitions_group_ask_coalition_id ON coalitions_group_ask (coalition_id);
CREATE INDEX ix_coalitions_group_ask_group_id ON coalitions_group_ask (group_id);
CREATE INDEX ix_coalitions_group_ask_membership_id ON coalitions_group_ask (membership_id);
CREATE INDEX ix_coalitions_group_coalition_id ON coalitions_group (coalition_id);
CREATE INDEX ix_coalitions_group_lead_id ON coalitions_group (lead_id);
CREATE INDEX ix_coalitions_group_member_coalition_id ON coalitions_group_member (coalition_id);
CREATE INDEX ix_coalitions_group_member_group_id ON coalitions_group_member (group_id);
CREATE INDEX ix_coalitions_group_member_membership_id ON coalitions_group_member (membership_id);
CREATE INDEX ix_coalitions_help_line_coalition_id ON coalitions_help_line (coalition_id);
CREATE INDEX ix_coalitions_invitation_claims_id ON coalitions_invitation (claims_id);
CREATE INDEX ix_coalitions_invitation_coalition_id ON coalitions_invitation (coalition_id);
CREATE INDEX ix_coalitions_invitation_created_by_id ON coalitions_invitation (created_by_id);
CREATE INDEX ix_coalitions_membership_approved_by_id ON coalitions_membership (approved_by_id);
CREATE INDEX ix_coalitions_membership_coalition_id ON coalitions_membership (coalition_id);
CREATE INDEX ix_coalitions_membership_discipline_coalition_id ON coalitions_membership_discipline (coalition_id);
CREATE INDEX ix_coalitions_membership_discipline_membership_id ON coalitions_membership_discipline (membership_id);
CREATE INDEX ix_coalitions_membership_user_id ON coalitions_membership (user_id);
CREATE INDEX ix_coalitions_position_coalition_id ON coalitions_position (coalition_id);
CREATE INDEX ix_coalitions_position_membership_id ON coalitions_position (membership_id);
CREATE INDEX ix_coalitions_position_stand_in_id ON coalitions_position (stand_in_id);
CREATE INDEX ix_coalitions_reported_closed_at ON coalitions_reported (coalition_id, closed_at);
CREATE INDEX ix_coalitions_reported_closed_by_id ON coalitions_reported (closed_by_id);
CREATE INDEX ix_coalitions_reported_coalition_id ON coalitions_reported (coalition_id);
CREATE INDEX ix_coalitions_reported_reported_by_id ON coalitions_reported (reported_by_id);
CREATE INDEX ix_documents_document_coalition_id ON documents_document (coalition_id);
CREATE INDEX ix_documents_document_group_id ON documents_document (group_id);
CREATE INDEX ix_documents_document_owner_id ON documents_document (owner_id);
CREATE INDEX ix_documents_use_action_id ON documents_use (action_id);
CREATE INDEX ix_documents_use_agreement_id ON documents_use (agreement_id);
CREATE INDEX ix_documents_use_coalition_id ON documents_use (coalition_id);
CREATE INDEX ix_documents_use_document_id ON documents_use (document_id);
CREATE INDEX ix_documents_use_item_id ON documents_use (item_id);
CREATE INDEX ix_documents_use_meeting_id ON documents_use (meeting_id);
CREATE INDEX ix_documents_use_organization_id ON documents_use (organization_id);
CREATE INDEX ix_history_entry_actor_id ON history_entry (actor_id);
CREATE INDEX ix_history_entry_coalition_id ON history_entry (coalition_id);
CREATE INDEX ix_history_entry_happened_at ON history_entry (coalition_id, happened_at);
CREATE INDEX ix_history_entry_thing ON history_entry (coalition_id, thing, thing_id);
CREATE INDEX ix_kept_copy_coalition_id ON kept_copy (coalition_id);
CREATE INDEX ix_kept_copy_kept_for ON kept_copy (coalition_id, kept_for, made_at);
CREATE INDEX ix_kept_copy_made_at ON kept_copy (made_at);
CREATE INDEX ix_kept_copy_made_by_id ON kept_copy (made_by_id);
CREATE INDEX ix_meetings_agenda_item_coalition_id ON meetings_agenda_item (coalition_id);
CREATE INDEX ix_meetings_agenda_item_created_by_id ON meetings_agenda_item (created_by_id);
CREATE INDEX ix_meetings_agenda_item_lead_id ON meetings_agenda_item (lead_id);
CREATE INDEX ix_meetings_agenda_item_meeting_id ON meetings_agenda_item (meeting_id);
CREATE INDEX ix_meetings_attendance_coalition_id ON meetings_attendance (coalition_id);
CREATE INDEX ix_meetings_attendance_meeting_id ON meetings_attendance (meeting_id);
CREATE INDEX ix_meetings_attendance_membership_id ON meetings_attendance (membership_id);
CREATE INDEX ix_meetings_attendance_organization_id ON meetings_attendance (organization_id);
CREATE INDEX ix_meetings_decision_coalition_id ON meetings_decision (coalition_id);
CREATE INDEX ix_meetings_decision_item_id ON meetings_decision (item_id);
CREATE INDEX ix_meetings_decision_meeting_id ON meetings_decision (meeting_id);
CREATE INDEX ix_meetings_decision_owner_id ON meetings_decision (owner_id);
CREATE INDEX ix_meetings_meeting_coalition_id ON meetings_meeting (coalition_id);
CREATE INDEX ix_meetings_meeting_created_by_id ON meetings_meeting (created_by_id);
CREATE INDEX ix_meetings_meeting_group_id ON meetings_meeting (group_id);
CREATE INDEX ix_meetings_meeting_when ON meetings_meeting (coalition_id, starts_at);
CREATE INDEX ix_meetings_prepared_coalition_id ON meetings_prepared (coalition_id);
CREATE INDEX ix_meetings_prepared_done_by_id ON meetings_prepared (done_by_id);
CREATE INDEX ix_meetings_prepared_meeting_id ON meetings_prepared (meeting_id);
CREATE INDEX ix_meetings_reply_coalition_id ON meetings_reply (coalition_id);
CREATE INDEX ix_meetings_reply_meeting_id ON meetings_reply (meeting_id);
CREATE INDEX ix_meetings_reply_membership_id ON meetings_reply (membership_id);
CREATE INDEX ix_messages_action_link_action_id ON messages_action_link (action_id);
CREATE INDEX ix_messages_action_link_coalition_id ON messages_action_link (coalition_id);
CREATE INDEX ix_messages_action_link_made_at ON messages_action_link (made_at);
CREATE INDEX ix_messages_action_link_membership_id ON messages_action_link (membership_id);
CREATE INDEX ix_messages_announcement_coalition_id ON messages_announcement (coalition_id);
CREATE INDEX ix_messages_announcement_group_id ON messages_announcement (group_id);
CREATE INDEX ix_messages_announcement_posted_by_id ON messages_announcement (posted_by_id);
CREATE INDEX ix_messages_announcement_until_on ON messages_announcement (coalition_id, until_on);
CREATE INDEX ix_messages_approval_claimed_at ON messages_approval (claimed_at);
CREATE INDEX ix_messages_approval_coalition_id ON messages_approval (coalition_id);
CREATE INDEX ix_messages_approval_membership_id ON messages_approval (membership_id);
CREATE INDEX ix_messages_approval_state ON messages_approval (state);
CREATE INDEX ix_messages_letter_coalition_id ON messages_letter (coalition_id);
CREATE INDEX ix_messages_letter_to_claimed_at ON messages_letter_to (claimed_at);
CREATE INDEX ix_messages_letter_to_coalition_id ON messages_letter_to (coalition_id);
CREATE INDEX ix_messages_letter_to_invitation_id ON messages_letter_to (invitation_id);
CREATE INDEX ix_messages_letter_to_membership_id ON messages_letter_to (membership_id);
CREATE INDEX ix_messages_letter_to_queue ON messages_letter_to (state, way, id);
CREATE INDEX ix_messages_letter_to_signup_id ON messages_letter_to (signup_id);
CREATE INDEX ix_messages_letter_when ON messages_letter (coalition_id, made_at);
CREATE INDEX ix_messages_letter_wish_coalition_id ON messages_letter_wish (coalition_id);
CREATE INDEX ix_messages_letter_wish_membership_id ON messages_letter_wish (membership_id);
CREATE INDEX ix_messages_letter_written_by_id ON messages_letter (written_by_id);
CREATE INDEX ix_messages_look_coalition_id ON messages_look (coalition_id);
CREATE INDEX ix_messages_mail_claimed_at ON messages_mail (claimed_at);
CREATE INDEX ix_messages_told_coalition_id ON messages_told (coalition_id);
CREATE INDEX ix_messages_told_told_by_id ON messages_told (told_by_id);
CREATE INDEX ix_onboarding_step_override_coalition_id ON onboarding_step_override (coalition_id);
CREATE INDEX ix_onboarding_step_override_decided_by_id ON onboarding_step_override (decided_by_id);
CREATE INDEX ix_onboarding_threshold_coalition_id ON onboarding_threshold (coalition_id);
CREATE INDEX ix_operations_shared_count_coalition_id ON operations_shared_count (coalition_id);
CREATE INDEX ix_partners_affiliation_coalition_id ON partners_affiliation (coalition_id);
CREATE INDEX ix_partners_affiliation_organization_id ON partners_affiliation (organization_id);
CREATE INDEX ix_partners_agreement_coalition_id ON partners_agreement (coalition_id);
CREATE INDEX ix_partners_agreement_created_by_id ON partners_agreement (created_by_id);
CREATE INDEX ix_partners_agreement_ends ON partners_agreement (state, ends_on);
CREATE INDEX ix_partners_agreement_move_agreement_id ON partners_agreement_move (agreement_id);
CREATE INDEX ix_partners_agreement_move_coalition_id ON partners_agreement_move (coalition_id);
CREATE INDEX ix_partners_agreement_move_written_by_id ON partners_agreement_move (written_by_id);
CREATE INDEX ix_partners_agreement_organization_id ON partners_agreement (organization_id);
CREATE INDEX ix_partners_agreement_owner_id ON partners_agreement (owner_id);
CREATE INDEX ix_partners_contact_coalition_id ON partners_contact (coalition_id);
CREATE INDEX ix_partners_contact_membership_id ON partners_contact (membership_id);
CREATE INDEX ix_partners_contact_organization_id ON partners_contact (organization_id);
CREATE INDEX ix_partners_conversation_coalition_id ON partners_conversation (coalition_id);
CREATE INDEX ix_partners_conversation_contact_id ON partners_conversation (contact_id);
CREATE INDEX ix_partners_conversation_organization_id ON partners_conversation (organization_id);
CREATE INDEX ix_partners_conversation_written_by_id ON partners_conversation (written_by_id);
CREATE INDEX ix_partners_organization_added_by_id ON partners_organization (added_by_id);
CREATE INDEX ix_partners_organization_coalition_id ON partners_organization (coalition_id);
CREATE INDEX ix_partners_organization_sector_name ON partners_organization (coalition_id, sector, sort_key);
CREATE INDEX ix_partners_organization_tag_coalition_id ON partners_organization_tag (coalition_id);
CREATE INDEX ix_partners_organization_tag_found ON partners_organization_tag (coalition_id, kind, sort_key, organization_id);
CREATE INDEX ix_partners_organization_tag_organization_id ON partners_organization_tag (organization_id);
CREATE INDEX ix_partners_organization_verified_by_id ON partners_organization (verified_by_id);
CREATE INDEX ix_partners_referral_link_coalition_id ON partners_referral_link (coalition_id);
CREATE INDEX ix_partners_seat_coalition_id ON partners_seat (coalition_id);
CREATE INDEX ix_partners_seat_created_by_id ON partners_seat (created_by_id);
CREATE INDEX ix_partners_seat_inviter_id ON partners_seat (inviter_id);
CREATE INDEX ix_partners_seat_organization_id ON partners_seat (organization_id);
CREATE INDEX ix_partners_seat_taken_by_id ON partners_seat (taken_by_id);
CREATE INDEX ix_partners_service_added_by_id ON partners_service (added_by_id);
CREATE INDEX ix_partners_service_checked_by_id ON partners_service (checked_by_id);
CREATE INDEX ix_partners_service_coalition_id ON partners_service (coalition_id);
CREATE INDEX ix_partners_service_organization_id ON partners_service (organization_id);
CREATE INDEX ix_plan_action_agenda_item_id ON plan_action (agenda_item_id);
CREATE INDEX ix_plan_action_agreement_action_id ON plan_action_agreement (action_id);
CREATE INDEX ix_plan_action_agreement_agreement_id ON plan_action_agreement (agreement_id);
CREATE INDEX ix_plan_action_agreement_coalition_id ON plan_action_agreement (coalition_id);
CREATE INDEX ix_plan_action_carried_coalition_id ON plan_action_carried (coalition_id);
CREATE INDEX ix_plan_action_carried_from_id ON plan_action_carried (from_id);
CREATE INDEX ix_plan_action_coalition_id ON plan_action (coalition_id);
CREATE INDEX ix_plan_action_created ON plan_action (coalition_id, created_at);
CREATE INDEX ix_plan_action_created_by_id ON plan_action (created_by_id);
CREATE INDEX ix_plan_action_decision_id ON plan_action (decision_id);
CREATE INDEX ix_plan_action_done ON plan_action (coalition_id, status, done_on, goal_id, need_id);
CREATE INDEX ix_plan_action_goal_id ON plan_action (goal_id);
CREATE INDEX ix_plan_action_group_id ON plan_action (group_id);
CREATE INDEX ix_plan_action_helper_action_id ON plan_action_helper (action_id);
CREATE INDEX ix_plan_action_helper_coalition_id ON plan_action_helper (coalition_id);
CREATE INDEX ix_plan_action_helper_membership_id ON plan_action_helper (membership_id);
CREATE INDEX ix_plan_action_item_id ON plan_action (item_id);
CREATE INDEX ix_plan_action_match_id ON plan_action (match_id);
CREATE INDEX ix_plan_action_need_id ON plan_action (need_id);
CREATE INDEX ix_plan_action_note_coalition_id ON plan_action_note (coalition_id);
CREATE INDEX ix_plan_action_objective_id ON plan_action (objective_id);
CREATE INDEX ix_plan_action_organization_id ON plan_action (organization_id);
CREATE INDEX ix_plan_action_owner_id ON plan_action (owner_id);
CREATE INDEX ix_plan_action_plan_counts ON plan_action (plan_id, coalition_id, goal_id, objective_id, status, due_on, owner_id, number);
CREATE INDEX ix_plan_action_plan_status ON plan_action (plan_id, status, due_on, owner_id);
CREATE INDEX ix_plan_action_round_id ON plan_action (round_id);
CREATE INDEX ix_plan_activity_action_id ON plan_activity (action_id);
CREATE INDEX ix_plan_activity_audience_activity_id ON plan_activity_audience (activity_id);
CREATE INDEX ix_plan_activity_audience_coalition_id ON plan_activity_audience (coalition_id);
CREATE INDEX ix_plan_activity_coalition_id ON plan_activity (coalition_id);
CREATE INDEX ix_plan_activity_created_by_id ON plan_activity (created_by_id);
CREATE INDEX ix_plan_activity_goal_id ON plan_activity (goal_id);
CREATE INDEX ix_plan_activity_happened ON plan_activity (coalition_id, happened_on);
CREATE INDEX ix_plan_activity_hours_coalition_id ON plan_activity_hours (coalition_id);
CREATE INDEX ix_plan_activity_hours_membership_id ON plan_activity_hours (membership_id);
CREATE INDEX ix_plan_activity_objective_id ON plan_activity (objective_id);
CREATE INDEX ix_plan_activity_partner_activity_id ON plan_activity_partner (activity_id);
CREATE INDEX ix_plan_activity_partner_coalition_id ON plan_activity_partner (coalition_id);
CREATE INDEX ix_plan_activity_partner_organization_id ON plan_activity_partner (organization_id);
CREATE INDEX ix_plan_feedback_coalition_id ON plan_feedback (coalition_id);
CREATE INDEX ix_plan_feedback_opened_by_id ON plan_feedback (opened_by_id);
CREATE INDEX ix_plan_feedback_question_coalition_id ON plan_feedback_question (coalition_id);
CREATE INDEX ix_plan_feedback_response_coalition_id ON plan_feedback_response (coalition_id);
CREATE INDEX ix_plan_goal_carried_coalition_id ON plan_goal_carried (coalition_id);
CREATE INDEX ix_plan_goal_carried_from_id ON plan_goal_carried (from_id);
CREATE INDEX ix_plan_goal_coalition_id ON plan_goal (coalition_id);
CREATE INDEX ix_plan_goal_group_id ON plan_goal (group_id);
CREATE INDEX ix_plan_goal_need_coalition_id ON plan_goal_need (coalition_id);
CREATE INDEX ix_plan_goal_need_goal_id ON plan_goal_need (goal_id);
CREATE INDEX ix_plan_goal_need_need_id ON plan_goal_need (need_id);
CREATE INDEX ix_plan_goal_plan_id ON plan_goal (plan_id);
CREATE INDEX ix_plan_measure_coalition_id ON plan_measure (coalition_id);
CREATE INDEX ix_plan_measure_objective_id ON plan_measure (objective_id);
CREATE INDEX ix_plan_objective_carried_coalition_id ON plan_objective_carried (coalition_id);
CREATE INDEX ix_plan_objective_carried_from_id ON plan_objective_carried (from_id);
CREATE INDEX ix_plan_objective_coalition_id ON plan_objective (coalition_id);
CREATE INDEX ix_plan_objective_goal_id ON plan_objective (goal_id);
CREATE INDEX ix_plan_plan_coalition_id ON plan_plan (coalition_id);
CREATE INDEX ix_plan_plan_meeting_id ON plan_plan (meeting_id);
CREATE INDEX ix_plan_reading_coalition_id ON plan_reading (coalition_id);
CREATE INDEX ix_plan_reading_written_by_id ON plan_reading (written_by_id);
CREATE INDEX ix_plan_repeat_coalition_id ON plan_repeat (coalition_id);
CREATE INDEX ix_plan_repeat_next_on ON plan_repeat (next_on);
CREATE INDEX ix_plan_review_coalition_id ON plan_review (coalition_id);
CREATE INDEX ix_plan_review_created_by_id ON plan_review (created_by_id);
CREATE INDEX ix_plan_review_held ON plan_review (coalition_id, held_on);
CREATE INDEX ix_plan_review_meeting_id ON plan_review (meeting_id);
CREATE INDEX ix_plan_review_note_coalition_id ON plan_review_note (coalition_id);
CREATE INDEX ix_plan_review_note_goal_id ON plan_review_note (goal_id);
CREATE INDEX ix_plan_review_note_review_id ON plan_review_note (review_id);
CREATE INDEX ix_plan_review_plan_id ON plan_review (plan_id);
CREATE INDEX ix_plan_signup_coalition_id ON plan_signup (coalition_id);
CREATE INDEX ix_plan_signup_line ON plan_signup (activity_id, state, id);
CREATE INDEX ix_plan_signup_mail ON plan_signup (mail);
CREATE INDEX ix_plan_signup_page_coalition_id ON plan_signup_page (coalition_id);
CREATE INDEX ix_plan_signup_page_opened_by_id ON plan_signup_page (opened_by_id);
CREATE INDEX ix_plan_update_action_id ON plan_update (action_id);
CREATE INDEX ix_plan_update_author_id ON plan_update (author_id);
CREATE INDEX ix_plan_update_by_mail ON plan_update (coalition_id, is_by_mail, written_at);
CREATE INDEX ix_plan_update_coalition_id ON plan_update (coalition_id);
CREATE INDEX ix_reports_framing_site_coalition_id ON reports_framing_site (coalition_id);
CREATE INDEX ix_reports_funder_copy_coalition_id ON reports_funder_copy (coalition_id);
CREATE INDEX ix_reports_funder_copy_made_by_id ON reports_funder_copy (made_by_id);
CREATE INDEX ix_reports_funder_copy_text_coalition_id ON reports_funder_copy_text (coalition_id);
CREATE INDEX ix_reports_funder_order_coalition_id ON reports_funder_order (coalition_id);
CREATE INDEX ix_reports_funder_text_coalition_id ON reports_funder_text (coalition_id);
CREATE INDEX ix_reports_funder_text_written_by_id ON reports_funder_text (written_by_id);
CREATE INDEX ix_reports_handover_note_coalition_id ON reports_handover_note (coalition_id);
CREATE INDEX ix_reports_handover_note_written_by_id ON reports_handover_note (written_by_id);
CREATE INDEX ix_reports_live_copy_coalition_id ON reports_live_copy (coalition_id);
CREATE INDEX ix_reports_live_link_coalition_id ON reports_live_link (coalition_id);
CREATE INDEX ix_reports_live_title_coalition_id ON reports_live_title (coalition_id);
CREATE INDEX ix_reports_public_goal_coalition_id ON reports_public_goal (coalition_id);
CREATE INDEX ix_reports_public_measure_coalition_id ON reports_public_measure (coalition_id);
CREATE INDEX ix_reports_public_page_coalition_id ON reports_public_page (coalition_id);
CREATE INDEX ix_reports_public_partner_coalition_id ON reports_public_partner (coalition_id);
CREATE INDEX ix_strengths_agreement_need_agreement_id ON strengths_agreement_need (agreement_id);
CREATE INDEX ix_strengths_agreement_need_coalition_id ON strengths_agreement_need (coalition_id);
CREATE INDEX ix_strengths_agreement_need_need_id ON strengths_agreement_need (need_id);
CREATE INDEX ix_strengths_ballot_coalition_id ON strengths_ballot (coalition_id);
CREATE INDEX ix_strengths_ballot_code_id ON strengths_ballot (code_id);
CREATE INDEX ix_strengths_ballot_rating_ballot_id ON strengths_ballot_rating (ballot_id);
CREATE INDEX ix_strengths_ballot_rating_coalition_id ON strengths_ballot_rating (coalition_id);
CREATE INDEX ix_strengths_ballot_rating_vote_need_id ON strengths_ballot_rating (vote_need_id);
CREATE INDEX ix_strengths_ballot_vote_id ON strengths_ballot (vote_id);
CREATE INDEX ix_strengths_match_ask_id ON strengths_match (ask_id);
CREATE INDEX ix_strengths_match_coalition_id ON strengths_match (coalition_id);
CREATE INDEX ix_strengths_match_created_by_id ON strengths_match (created_by_id);
CREATE INDEX ix_strengths_match_need_id ON strengths_match (need_id);
CREATE INDEX ix_strengths_match_strength_id ON strengths_match (strength_id);
CREATE INDEX ix_strengths_need_coalition_id ON strengths_need (coalition_id);
CREATE INDEX ix_strengths_need_created_by_id ON strengths_need (created_by_id);
CREATE INDEX ix_strengths_need_round_id ON strengths_need (round_id);
CREATE INDEX ix_strengths_strength_area_coalition_id ON strengths_strength_area (coalition_id);
CREATE INDEX ix_strengths_strength_area_strength_id ON strengths_strength_area (strength_id);
CREATE INDEX ix_strengths_strength_coalition_id ON strengths_strength (coalition_id);
CREATE INDEX ix_strengths_strength_created_by_id ON strengths_strength (created_by_id);
CREATE INDEX ix_strengths_strength_giver_id ON strengths_strength (giver_id);
CREATE INDEX ix_strengths_strength_organization_id ON strengths_strength (organization_id);
CREATE INDEX ix_strengths_vote_coalition_id ON strengths_vote (coalition_id);
CREATE INDEX ix_strengths_vote_code_coalition_id ON strengths_vote_code (coalition_id);
CREATE INDEX ix_strengths_vote_code_vote_id ON strengths_vote_code (vote_id);
CREATE INDEX ix_strengths_vote_created_by_id ON strengths_vote (created_by_id);
CREATE INDEX ix_strengths_vote_meeting_id ON strengths_vote (meeting_id);
CREATE INDEX ix_strengths_vote_need_coalition_id ON strengths_vote_need (coalition_id);
CREATE INDEX ix_strengths_vote_need_need_id ON strengths_vote_need (need_id);
CREATE INDEX ix_strengths_vote_need_vote_id ON strengths_vote_need (vote_id);
CREATE INDEX ix_toolkit_areas_read_coalition_id ON toolkit_areas_read (coalition_id);
CREATE INDEX ix_toolkit_note_author_id ON toolkit_note (author_id);
CREATE INDEX ix_toolkit_note_coalition_area ON toolkit_note (coalition_id, area);
CREATE INDEX ix_toolkit_note_coalition_id ON toolkit_note (coalition_id);
CREATE INDEX ix_toolkit_note_section_id ON toolkit_note (section_id);
CREATE INDEX ix_toolkit_outcome_coalition_id ON toolkit_outcome (coalition_id);
CREATE INDEX ix_toolkit_outcome_need_id ON toolkit_outcome (need_id);
CREATE INDEX ix_toolkit_outcome_strength_id ON toolkit_outcome (strength_id);
CREATE INDEX ix_toolkit_reader_coalition_id ON toolkit_reader (coalition_id);
CREATE INDEX ix_toolkit_reader_reader_id ON toolkit_reader (reader_id);
CREATE INDEX ix_toolkit_reply_author_id ON toolkit_reply (author_id);
CREATE INDEX ix_toolkit_reply_coalition_id ON toolkit_reply (coalition_id);
CREATE INDEX ix_toolkit_reply_note_id ON toolkit_reply (note_id);
CREATE INDEX ix_toolkit_section_added_by_id ON toolkit_section (added_by_id);
CREATE INDEX ix_toolkit_section_coalition_id ON toolkit_section (coalition_id);
CREATE UNIQUE INDEX uq_assessment_door_open ON assessment_door (round_id, kind) WHERE revoked_at IS NULL;
CREATE UNIQUE INDEX uq_assessment_round_anyone ON assessment_round (coalition_id) WHERE (closed_at IS NULL OR reopened_at IS NOT NULL) AND asked = 'anyone';
CREATE UNIQUE INDEX uq_assessment_round_open ON assessment_round (coalition_id) WHERE (closed_at IS NULL OR reopened_at IS NOT NULL) AND asked <> 'anyone';
CREATE UNIQUE INDEX uq_coalitions_group_core_team ON coalitions_group (coalition_id) WHERE kind = 'core_team';
CREATE UNIQUE INDEX uq_partners_contact_place ON partners_contact (organization_id, place) WHERE place <> 'other';
CREATE UNIQUE INDEX uq_plan_plan_adopted ON plan_plan (coalition_id) WHERE status = 'adopted';
CREATE UNIQUE INDEX uq_plan_plan_draft ON plan_plan (coalition_id) WHERE status = 'draft';
CREATE TRIGGER coalitions_audit_no_delete BEFORE DELETE ON coalitions_audit
    WHEN OLD.happened_at > datetime('now', '-365 days')
     AND EXISTS (SELECT 1 FROM coalitions_coalition WHERE id = OLD.coalition_id)
    BEGIN SELECT RAISE(ABORT, 'the audit log cannot be changed'); END;
CREATE TRIGGER coalitions_audit_no_update BEFORE UPDATE ON coalitions_audit
    BEGIN SELECT RAISE(ABORT, 'the audit log cannot be changed'); END;
