# A small test harness: one line per test. A test file ends with `exit $failures`.
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$failures = 0
$sandbox = $env:GUEST_REDEMPTION_GRAPH_URL
$modules = [IO.Path]::GetFullPath("$PSScriptRoot/../../powershell")

function It([string] $Name, [scriptblock] $Body) {
    try {
        Restore-Sandbox
        & $Body
        "ok      $Name"
    }
    catch {
        $script:failures++
        "FAILED  $Name`n        $_`n$($_.ScriptStackTrace -replace '(?m)^', '        ')"
    }
}

function Assert-Equal($Expected, $Actual, [string] $What = 'value') {
    if (-not ($Expected -ceq $Actual)) { throw "$What`: expected '$Expected', got '$Actual'" }
}

function Assert-True($Condition, [string] $What) { if (-not $Condition) { throw "not so: $What" } }

function Assert-Match([string] $Pattern, [string] $Text) { if ($Text -notmatch $Pattern) { throw "'$Pattern' not found in: $Text" } }

function Assert-NoMatch([string] $Pattern, [string] $Text) { if ($Text -match $Pattern) { throw "'$Pattern' found in: $Text" } }

# The error that the block writes or throws; its id is compared whole.
function Assert-ErrorId([string] $Id, [scriptblock] $Body) {
    $caught = $null
    try { $null = & $Body -ErrorAction Stop } catch { $caught = $_ }
    if (-not $caught) { throw "expected the error $Id, got none" }
    Assert-Equal $Id $caught.FullyQualifiedErrorId 'FullyQualifiedErrorId'
    $caught
}

function Get-Secure([string] $Text) { [Net.NetworkCredential]::new('', $Text).SecurePassword }

# The sandbox's control API
function Invoke-Control([string] $Command, $Body = @{}) {
    Invoke-RestMethod "$sandbox/sandbox/$Command" -Method Post -ContentType 'application/json' -Body (ConvertTo-Json $Body -Depth 5)
}
function Restore-Sandbox { $null = Invoke-Control 'reset' }
function Get-SandboxState { Invoke-RestMethod "$sandbox/sandbox/state" }
function Set-Fault([string] $Method, [string] $Path, [hashtable] $Action, [int] $Times = 1) {
    $null = Invoke-Control 'fault' @{ method = $Method; path = $Path; times = $Times; action = $Action }
}
function Set-SignIn([hashtable] $Change = @{}) { Invoke-Control 'sign_in' $Change }
function Get-Token([hashtable] $Claims) { (Invoke-Control 'token' $Claims).access_token }

# Runs the block with these variables only, set with $env: in this very process. None of them and nothing of the
# connection stays.
function Use-Environment([hashtable] $Variables, [scriptblock] $Body) {
    $names = @('GUEST_REDEMPTION_ACCESS_TOKEN', 'AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET') + $Variables.Keys | Select-Object -Unique
    $before = @{}
    foreach ($name in $names) {
        $before[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $null)
    }
    try {
        foreach ($name in $Variables.Keys) { Set-Item "env:$name" $Variables[$name] }
        & $Body
    }
    finally {
        Disconnect-GuestRedemption
        foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
    }
}

# Programs first on PATH, each of which does what the script says.
function Use-Program([string[]] $Names, [string] $Script, [scriptblock] $Body) {
    $programs = [IO.Directory]::CreateDirectory((Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid()))).FullName
    foreach ($name in $Names) {
        [IO.File]::WriteAllText("$programs/$name", "#!/bin/sh`n$Script`n")
        chmod +x "$programs/$name"
    }
    $path = $env:PATH
    $env:PATH = "$programs$([IO.Path]::PathSeparator)$path"
    try { & $Body }
    finally {
        $env:PATH = $path
        [IO.Directory]::Delete($programs, $true)
    }
}

# A browser that opens the page and follows it to the end. Elsewhere the browser is no program on PATH.
$browserIsScript = -not ($PSVersionTable.PSVersion.Major -lt 6 -or $IsWindows)
function Use-Browser([scriptblock] $Body) { Use-Program 'xdg-open', 'open' 'exec curl -sL "$1"' $Body }

# A host that remembers what a person would see, for a runspace of its own.
function Get-HostThatRemembers {
    if (-not ('Tests.RememberingHost' -as [type])) { Add-Type -Path "$PSScriptRoot/RememberingHost.cs" -IgnoreWarnings -WarningAction SilentlyContinue }
    [Tests.RememberingHost]::new()
}

# Starts a script in such a runspace: the shell, what runs, and the host.
function Start-Shell([string] $Script) {
    $remembering = Get-HostThatRemembers
    $shell = [PowerShell]::Create().AddScript($Script)
    $shell.Runspace = [Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace($remembering)
    $shell.Runspace.Open()
    [pscustomobject]@{ Shell = $shell; Running = $shell.BeginInvoke(); Host = $remembering }
}

# What the shell has told that matches, as soon as it has.
function Wait-Told($Started, [string] $Pattern) {
    $limit = [DateTime]::UtcNow.AddSeconds(20)
    do {
        $ended = $Started.Running.IsCompleted
        $found = [regex]::Match($Started.Host.Told, $Pattern)
        if ($found.Success) { return $found.Value }
        Start-Sleep -Milliseconds 20
    } until ($ended -or [DateTime]::UtcNow -gt $limit)
    throw "'$Pattern' was not told, but: $($Started.Host.Told) $($Started.Shell.Streams.Error) $($Started.Shell.InvocationStateInfo.Reason)"
}

# A new key and certificate, as PEM
function New-Certificate([int] $Days = 30) {
    $key = [Security.Cryptography.RSA]::Create(2048)
    $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=guest-redemption test', $key, 'SHA256', [Security.Cryptography.RSASignaturePadding]::Pkcs1)
    $made = $request.CreateSelfSigned([DateTimeOffset]::UtcNow.AddDays(-60), [DateTimeOffset]::UtcNow.AddDays($Days))
    $pem = { param($name, $bytes) "-----BEGIN $name-----`n$([Convert]::ToBase64String($bytes, 'InsertLineBreaks'))`n-----END $name-----`n" }
    [pscustomobject]@{ Certificate = $made; Public = & $pem 'CERTIFICATE' $made.RawData; Private = & $pem 'PRIVATE KEY' $key.ExportPkcs8PrivateKey() }
}

# Runs the block while the certificate is in the store of this user.
function Use-Store($Certificate, [scriptblock] $Body) {
    $store = [Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser')
    $store.Open('ReadWrite')
    # as a PFX, so that its key is stored with it
    $stored = [Security.Cryptography.X509Certificates.X509Certificate2]::new($Certificate.Export('Pfx', 'x'), 'x', 'PersistKeySet')
    $store.Add($stored)
    try { & $Body }
    finally {
        $store.Remove($stored)
        $store.Dispose()
    }
}

# Guests of the sandbox
$alice = '10000000-0000-4000-8000-000000000001'
$bob = '10000000-0000-4000-8000-000000000002'
$ines = '10000000-0000-4000-8000-000000000007'
$gus = '10000000-0000-4000-8000-000000000008'
$uma = '10000000-0000-4000-8000-000000000009'
