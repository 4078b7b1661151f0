# The scripts that docs/ hands out: they really run, are ended in the middle, and go on.
. "$PSScriptRoot/harness.ps1"
if ($PSVersionTable.PSVersion.Major -lt 6 -or -not $IsLinux) {
    'skipped: the scripts are ended with signals of Linux'
    exit 0
}
Import-Module "$modules/GuestRedemption"
$PSDefaultParameterValues = @{ '*:WarningAction' = 'SilentlyContinue' }
$docs = [IO.Path]::GetFullPath("$PSScriptRoot/../../docs")
$carla = '10000000-0000-4000-8000-000000000003'
$tenant = $env:AZURE_TENANT_ID
$three = $alice, $bob, $carla

function Use-Folder([scriptblock] $Body) {
    $folder = [IO.Directory]::CreateDirectory((Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid()))).FullName
    $null = [IO.Directory]::CreateDirectory("$folder/journals")
    try { & $Body $folder }
    finally { [IO.Directory]::Delete($folder, $true) }
}

function New-Plans([string] $Folder, [string[]] $Guests) {
    $null = $Guests | Test-GuestRedemption -NewDomain adatum.com -SendInvitationMessage | Export-GuestRedemptionPlan "$Folder/plans" -SplitByTenant
}

# A script of docs in a pwsh of its own, with the module where its PSModulePath is.
function Start-Script([string] $Script, [string] $Arguments, [hashtable] $Variables) {
    # whoever started the tests may have Ctrl+C ignored, which programs inherit
    $start = [Diagnostics.ProcessStartInfo]::new('env')
    foreach ($argument in '--default-signal=INT', 'pwsh', '-NoProfile', '-NonInteractive', '-Command', "& '$docs/$Script' $Arguments") { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $start.Environment['PSModulePath'] = "$modules$([IO.Path]::PathSeparator)$env:PSModulePath"
    foreach ($name in $Variables.Keys) { $start.Environment[$name] = $Variables[$name] }
    $process = [Diagnostics.Process]::Start($start)
    [pscustomobject]@{ Process = $process; Output = $process.StandardOutput.ReadToEndAsync(); Errors = $process.StandardError.ReadToEndAsync() }
}

function Wait-Script($Started) {
    $Started.Process.WaitForExit()
    [pscustomobject]@{ Code = $Started.Process.ExitCode; Told = $Started.Output.Result + $Started.Errors.Result }
}

function Start-Pod([string] $Folder, [hashtable] $Variables = @{}) {
    $pod = @{ CAMPAIGN_TENANTS = '1'; JOB_COMPLETION_INDEX = '0'; AZURE_TENANT_ID = '' }
    foreach ($name in $Variables.Keys) { $pod[$name] = $Variables[$name] }
    Start-Script 'kubernetes/run-campaign.ps1' "-Plans '$Folder/plans' -Journals '$Folder/journals' -Credentials '$Folder/credentials'" $pod
}
function Invoke-Pod([string] $Folder, [hashtable] $Variables = @{}) { Wait-Script (Start-Pod $Folder $Variables) }

function Get-Posts { @((Get-SandboxState).requests | Where-Object { $_.method -eq 'POST' -and $_.path -match '/invitations' }) }
function Get-Lines([string] $Path) { [IO.File]::ReadAllLines($Path) | ForEach-Object { ConvertFrom-Json $_ } }

# Ends the script while one guest's invitation is on its way and the other two are done.
function Stop-Between($Started, [string] $Signal) {
    while (-not $Started.Process.HasExited -and @(Get-Posts).Count -lt 3) { Start-Sleep -Milliseconds 50 }
    Assert-True (-not $Started.Process.HasExited) 'it is under way'
    sh -c "kill -s $Signal $($Started.Process.Id)"
    Wait-Script $Started
}

# Longer than it takes to end the script; what goes on with it waits for the evidence.
function Set-SlowInvitation { Set-Fault POST /invitations @{ delay_ms = 10000 } }

function Assert-EachOnce([string] $Journal) {
    Assert-Equal 3 @(Get-Posts).Count 'invitations'
    Assert-Equal 3 @((Get-SandboxState).mails).Count 'mails'
    Assert-Equal 'closed' @(Get-Lines $Journal)[-1].kind
}

It 'a pod runs the plan of its tenant, and does nothing when it is started again' {
    Use-Folder {
        param($folder)
        New-Plans $folder $three
        $run = Invoke-Pod $folder
        Assert-Equal 0 $run.Code $run.Told
        Assert-Match "(?m)^$tenant done 3`$" $run.Told
        $again = Invoke-Pod $folder
        Assert-Equal 0 $again.Code $again.Told
        Assert-Match "(?m)^$tenant done_before 3`$" $again.Told
        Assert-EachOnce "$folder/journals/$tenant.jsonl"
        Assert-NoMatch 'redeem\?|ticket' "$($run.Told)$([IO.File]::ReadAllText("$folder/journals/$tenant.jsonl"))"
    }
}

$codes = @{ INT = 75; TERM = 143; KILL = 137 }
foreach ($signal in 'INT', 'TERM', 'KILL') {
    It "a pod that SIG$signal ends in the middle is gone on with: nobody is missed or mailed twice" {
        Use-Folder {
            param($folder)
            $journal = "$folder/journals/$tenant.jsonl"
            New-Plans $folder $three
            Set-SlowInvitation
            $ended = Stop-Between (Start-Pod $folder) $signal
            Assert-Equal $codes[$signal] $ended.Code 'exit code'
            $isWhole = @(Get-Lines $journal)[-1].kind -eq 'closed'
            Assert-Equal ($signal -eq 'INT') $isWhole 'the journal is closed'
            $rest = Invoke-Pod $folder
            Assert-Equal 0 $rest.Code $rest.Told
            Assert-EachOnce $journal
        }
    }
}

It 'a pod says by its exit code whether another run may help' {
    Use-Folder {
        param($folder)
        New-Plans $folder $three
        $null = Reset-GuestRedemption $bob bob@tailspin.com -Force
        $run = Invoke-Pod $folder
        Assert-Equal 2 $run.Code 'a guest that has changed since'
        Assert-Match 'GuestChanged,Reset-GuestRedemption' $run.Told
        Assert-Match "(?m)^$tenant done 2`$" $run.Told
    }
    Use-Folder {
        param($folder)
        Restore-Sandbox
        New-Plans $folder $three
        Set-Fault PATCH "/users/$alice" @{ respond = @{ status = 503; body = '{}' } } -Times 50
        Assert-Equal 75 (Invoke-Pod $folder).Code 'a fault of the service'
        Restore-Sandbox
        Set-Fault GET /users @{ respond = @{ status = 503; body = '{}' } } -Times 50
        Assert-Equal 75 (Invoke-Pod $folder).Code 'before anything is begun'
        foreach ($variables in @{ CAMPAIGN_TENANTS = '2' }, @{ CAMPAIGN_TENANTS = '' }, @{ JOB_COMPLETION_INDEX = '1' }, @{ JOB_COMPLETION_INDEX = '' }, @{ AZURE_CLIENT_SECRET = 'wrong' }) {
            Restore-Sandbox
            $run = Invoke-Pod $folder $variables
            Assert-Equal 3 $run.Code "$($variables.Keys) $($run.Told)"
        }
        [IO.File]::AppendAllText("$folder/plans/$tenant.jsonl", 'nonsense')
        Assert-Equal 3 (Invoke-Pod $folder).Code 'a plan that cannot be read'
    }
}

It 'a pod that finds its journal in use is tried again' {
    Use-Folder {
        param($folder)
        New-Plans $folder $three
        # the system's lock, as another run holds it
        $held = [IO.FileStream]::new("$folder/journals/$tenant.jsonl", 'Create', 'ReadWrite', 'None')
        try { $run = Invoke-Pod $folder }
        finally { $held.Dispose() }
        Assert-Equal 75 $run.Code $run.Told
        Assert-Match 'in use by another run' $run.Told
        Assert-Equal 0 @(Get-Posts).Count 'invitations'
        Assert-Equal 0 (Invoke-Pod $folder).Code 'then'
        Assert-EachOnce "$folder/journals/$tenant.jsonl"
    }
}

It 'a pod signs in with its tenant''s own credentials, or with the token of its cluster' {
    Use-Folder {
        param($folder)
        New-Plans $folder $three
        $own = @{ AZURE_CLIENT_ID = $env:AZURE_CLIENT_ID; AZURE_CLIENT_SECRET = $env:AZURE_CLIENT_SECRET } | ConvertTo-Json
        $null = [IO.Directory]::CreateDirectory("$folder/credentials")
        [IO.File]::WriteAllText("$folder/credentials/$tenant.json", $own)
        $none = @{ AZURE_CLIENT_ID = ''; AZURE_CLIENT_SECRET = '' }
        Assert-Equal 0 (Invoke-Pod $folder $none).Code 'its own'
        [IO.Directory]::Delete("$folder/credentials", $true)
        Assert-Equal 3 (Invoke-Pod $folder $none).Code 'none'
        $null = Set-SignIn @{ federated_token = 'token-of-the-cluster' }
        [IO.File]::WriteAllText("$folder/token", 'token-of-the-cluster')
        $run = Invoke-Pod $folder @{ AZURE_CLIENT_SECRET = ''; AZURE_FEDERATED_TOKEN_FILE = "$folder/token" }
        Assert-Equal 0 $run.Code $run.Told
    }
}

It 'what beyond-one-machine.md shows is so: plans split by tenant, a run for each, one report' {
    Use-Folder {
        param($folder)
        $blocks = [regex]::Matches([IO.File]::ReadAllText("$docs/beyond-one-machine.md"), '(?ms)^```powershell\r?\n(.+?)^```')
        Assert-Equal 3 $blocks.Count 'examples'
        $tenants = @($tenant)
        # a guest of the domain has no address to go by
        $ErrorActionPreference = 'SilentlyContinue'
        Push-Location $folder
        try { foreach ($block in $blocks) { $null = . ([scriptblock]::Create($block.Groups[1].Value)) } }
        finally {
            Pop-Location
            $env:AZURE_TENANT_ID = $tenant
        }
        $planned = @(Get-Lines "$folder/plans/$tenant.jsonl" | Where-Object go)
        Assert-True ($planned.Count -gt 3) 'there are guests of the domain'
        Assert-Equal "$($planned.user_id | Sort-Object)" "$($guests.UserId | Sort-Object)" 'guests'
        Assert-Equal @(Get-Posts).Count @($guests | Where-Object State -EQ 'Pending').Count 'pending'
        $report = [IO.File]::ReadAllText("$folder/report.html")
        foreach ($guest in $guests) { Assert-Match $guest.UserId $report }
    }
}

function Start-Runbook([string] $Folder) {
    $none = @{ AZURE_TENANT_ID = ''; AZURE_CLIENT_ID = ''; AZURE_CLIENT_SECRET = ''; AZURE_POD_IDENTITY_AUTHORITY_HOST = $sandbox }
    Start-Script 'azure-automation/Invoke-Campaign.ps1' "'$Folder'" $none
}

# Of a folder that holds plan.jsonl
function New-RunbookPlan([string] $Folder) {
    New-Plans $Folder $three
    [IO.File]::Move("$Folder/plans/$tenant.jsonl", "$Folder/plan.jsonl")
}

It 'a runbook whose job is killed goes on when it is started again' {
    Use-Folder {
        param($folder)
        $null = Set-SignIn
        New-RunbookPlan $folder
        Set-SlowInvitation
        $null = Stop-Between (Start-Runbook $folder) 'KILL'
        $rest = Wait-Script (Start-Runbook $folder)
        Assert-Equal 0 $rest.Code $rest.Told
        Assert-Match '(?m)^done_before 2' $rest.Told
        Assert-EachOnce "$folder/run.jsonl"
    }
}

It 'a runbook fails when guests are left, and where the plan is not' {
    Use-Folder {
        param($folder)
        $null = Set-SignIn
        New-RunbookPlan $folder
        $null = Reset-GuestRedemption $bob bob@tailspin.com -Force
        $run = Wait-Script (Start-Runbook $folder)
        Assert-Equal 1 $run.Code $run.Told
        Assert-Match 'GuestChanged,Reset-GuestRedemption: ' $run.Told
        Assert-Match '1 guests are not reset' $run.Told
    }
    Use-Folder {
        param($folder)
        $run = Wait-Script (Start-Runbook $folder)
        Assert-Equal 1 $run.Code $run.Told
        Assert-Match 'no .*plan\.jsonl on this machine' $run.Told
    }
}

exit $failures
