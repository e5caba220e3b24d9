#!/bin/bash
# What several scripts do. YunoHost sets the variables app, domain, install_dir, data_dir, port, dex and oidc_secret.
# shellcheck disable=SC2154

# Prints the names of the systemd units, which `make release` copies into conf/.
_units() {
    find "$YNH_APP_BASEDIR/conf" \( -name '*.service' -o -name '*.timer' \) -printf '%f\n' | sort
}

# Runs Engage's own command as its user with its settings. conf/engage is installed for the administrator, too.
_engage() {
    ynh_hide_warnings "/usr/local/bin/$app" "$@"
}

# Puts the Python environment into .venv, if there is none that runs.
_add_environment() {
    ynh_hide_warnings ynh_exec_as_app PIP_NO_CACHE_DIR=1 make -C "$install_dir" .venv/.run
    ynh_exec_as_app "$install_dir/.venv/bin/python" -m compileall -q "$install_dir/engage" "$install_dir/migrations"
}

# Creates the settings, or keeps those that are there, with the address of today.
_add_settings() {
    mkdir -p "/etc/$app"
    if [ ! -e "/etc/$app/engage.env" ]; then
        ynh_config_add --template="engage.env" --destination="/etc/$app/engage.env"
    fi
    ynh_write_var_in_file --file="/etc/$app/engage.env" --key="ENGAGE_URL" --value="https://$domain"
    [ -z "${dex:-}" ] || _add_dex
    _protect_settings
}

# Engage reads its settings, and only root writes them.
_protect_settings() {
    chown -R "root:$app" "/etc/$app"
    chmod -R u=rwX,g=rX,o=--- "/etc/$app"
}

# Tells Dex about Engage, and Engage about Dex. A changed address is told again.
_add_dex() {
    local dex_dir dex_at
    dex_dir=$(ynh_app_setting_get --app="$dex" --key="install_dir")
    dex_at="https://$(ynh_app_setting_get --app="$dex" --key="domain")$(ynh_app_setting_get --app="$dex" --key="path")"
    [ -n "$dex_dir" ] || ynh_die "Dex is not installed. Install it, or leave its question empty."
    ynh_app_setting_set_default --key="oidc_secret" --value="$(ynh_string_random --length=32)"
    bash "$dex_dir/add_config.sh" "$app" "$app" "$domain/sign-in/with/1/back" "$oidc_secret"
    grep -q "^ENGAGE_OIDC_1_NAME=" "/etc/$app/engage.env" || cat >> "/etc/$app/engage.env" <<SETTINGS

# Sign-in with an account of YunoHost. Dex is on this machine.
ENGAGE_OIDC_1_NAME=YunoHost
ENGAGE_OIDC_1_ISSUER=$dex_at
ENGAGE_OIDC_1_CLIENT_ID=$app
ENGAGE_OIDC_1_CLIENT_SECRET=$oidc_secret
ENGAGE_OIDC_1_PRIVATE=on
SETTINGS
}

# Installs the command, the units and the web server's file.
_add_system() {
    ynh_config_add --template="engage" --destination="/usr/local/bin/$app"
    chmod 755 "/usr/local/bin/$app"
    local unit
    for unit in $(_units); do
        ynh_config_add --template="$unit" --destination="/etc/systemd/system/$unit"
        chmod 644 "/etc/systemd/system/$unit"
    done
    ynh_config_add_nginx
}

_start() {
    local timers
    timers=$(_units | grep '\.timer$')
    systemctl daemon-reload
    # shellcheck disable=SC2086  # several words
    systemctl enable --quiet "$app.service" $timers
    yunohost service add "$app" --description="Coalition work: assess, plan, keep going"
    # The service says itself when it answers.
    local unit
    for unit in "$app.service" $timers; do
        ynh_systemctl --service="$unit" --action="start"
    done
}

# Timers come first, so that none starts a job that was just stopped.
_stop() {
    local unit
    for unit in $(_units | sort -t. -k2,2r); do
        ynh_systemctl --service="$unit" --action="stop"
    done
}
