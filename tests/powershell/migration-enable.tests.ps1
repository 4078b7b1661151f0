# Enable-AzureADCompatibility and Disable-AzureADCompatibility: old scripts find this module under the retired name.
. "$PSScriptRoot/harness.ps1"
Import-Module "$modules/GuestRedemption.AzureADPreview"

$work = [IO.Directory]::CreateDirectory((Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid()))).FullName
$separator = [IO.Path]::PathSeparator
$quiet = @{ WarningAction = 'SilentlyContinue' }

function Set-Script([string] $Text, [string] $Name = 'script.ps1') {
    [IO.File]::WriteAllText("$work/$Name", $Text)
    "$work/$Name"
}

# Runs the block with an empty folder, in which PowerShell looks for modules first.
function Use-ModulePath([scriptblock] $Body) {
    $folder = [IO.Directory]::CreateDirectory("$work/$([Guid]::NewGuid())").FullName
    $before = $env:PSModulePath
    $env:PSModulePath = "$folder$separator$before"
    try { & $Body $folder }
    finally {
        $env:PSModulePath = $before
        [IO.Directory]::Delete($folder, $true)
    }
}

# What a new PowerShell shows and says when it runs this script.
function Invoke-Child([string] $Script) { & pwsh -NoProfile -NonInteractive -Command "& '$Script'" 2>&1 | Out-String }

function Get-Files([string] $Folder) { [IO.Directory]::GetFiles($Folder, '*', 'AllDirectories') }

function Assert-Files([int] $Count, [string[]] $Folder) { Assert-Equal $Count @($Folder | ForEach-Object { Get-Files $_ }).Count 'files' }

# A module of this name as the gallery would install it.
function Add-RealModule([string] $Folder, [string] $Name = 'AzureADPreview', [string] $Version = '2.0.2.149') {
    $manifest = "$Folder/$Name/$Version/$Name.psd1"
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($manifest))
    [IO.File]::WriteAllText($manifest, "@{ ModuleVersion = '$Version'; GUID = 'd60c0004-962d-4dfb-8d28-5707572ffd00' }")
    $manifest
}

$reset = Set-Script -Name 'reset.ps1' @'
#Requires -Modules @{ ModuleName = 'AzureADPreview'; ModuleVersion = '2.0.2.85' }
$session = Connect-AzureAD
$user = AzureADPreview\Get-AzureADUser -ObjectId 'alice_fabrikam.com#EXT#@contoso.onmicrosoft.com'
$target = New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList $user.ObjectId
$invitation = New-AzureADMSInvitation -InvitedUserEmailAddress $user.Mail -InviteRedirectUrl 'http://myapps.microsoft.com' -InvitedUser $target -ResetRedemption $True -SendInvitationMessage $True
"$($invitation.Status) with $((Get-Module AzureADPreview).Version)"
'@

It 'runs a script that requires AzureADPreview, unchanged, and no more once it is disabled' {
    Use-ModulePath {
        param($folder)
        Assert-Match 'AzureADPreview' (Invoke-Child $reset)
        Assert-Equal 0 @((Get-SandboxState).mails).Count 'mails'

        $written = Enable-AzureADCompatibility $reset -ModulePath $folder @quiet
        Assert-Equal 'AzureADPreview 2.0.2.183 Written' "$($written.Name) $($written.Version) $($written.State)"
        Assert-True ([IO.File]::Exists($written.Path)) $written.Path
        Assert-True ([IO.File]::Exists($written.Loads)) $written.Loads
        Assert-Files 1 $folder
        Assert-True (Test-ModuleManifest $written.Path) 'a valid manifest'
        Assert-Match '(?m)^PendingAcceptance with 2\.0\.2\.183\r?$' (Invoke-Child $reset)
        Assert-Equal 1 @((Get-SandboxState).mails).Count 'mails'

        Assert-Equal 'Removed' (Disable-AzureADCompatibility).State
        Assert-Equal 0 ([IO.Directory]::GetFileSystemEntries($folder)).Count 'what is left'
        Assert-NoMatch 'PendingAcceptance' (Invoke-Child $reset)
        Assert-Equal 1 @((Get-SandboxState).mails).Count 'mails'
    }
}

It 'loads by a command alone, and by Import-Module' {
    Use-ModulePath {
        param($folder)
        $script = Set-Script "try { Get-AzureADUser -ObjectId x } catch { `$_.FullyQualifiedErrorId }`n`$command = Get-Command New-AzureADMSInvitation`n`"`$(`$command.Version)`""
        $null = Enable-AzureADCompatibility $script -ModulePath $folder @quiet
        $shown = Invoke-Child $script
        Assert-Match 'AadNeedAuthenticationException,Microsoft.Open.AzureAD16.PowerShell.GetUser' $shown
        Assert-Match '2\.0\.2\.183' $shown
        $exported = Invoke-Child (Set-Script 'Import-Module AzureADPreview -MinimumVersion 2.0.2.105; (Get-Module AzureADPreview).ExportedCmdlets.Keys')
        foreach ($name in 'Connect-AzureAD', 'New-AzureADMSInvitation') { Assert-Match "(?m)^$name\r?$" $exported }
        Assert-NoMatch 'AzureADCompatibility|ScriptUsage|GuestRedemption' $exported
    }
}

It 'refuses while a script uses what is missing, and writes nothing' {
    $bad = Set-Script "Get-AzureADUser -ObjectId x`nGet-AzureADGroup -All `$true`nGet-MsolUser" 'bad.ps1'
    Use-ModulePath {
        param($folder)
        foreach ($how in @{ }, @{ Force = $true }) {
            $refused = Assert-ErrorId 'CommandsMissing,Enable-AzureADCompatibility' { Enable-AzureADCompatibility $reset, $bad -ModulePath $folder @how @args }
            Assert-Match '2 uses .*Get-AzureADGroup \(.*bad\.ps1:2\), Get-MsolUser \(.*bad\.ps1:3\)' "$refused"
            Assert-Equal 2 $refused.TargetObject.Count
        }
        $many = Set-Script ("Get-AzureADGroup`n" * 9) 'many.ps1'
        Assert-Match '9 uses .*many\.ps1:5\), \.\.\.' (Assert-ErrorId 'CommandsMissing,Enable-AzureADCompatibility' { Enable-AzureADCompatibility $many -ModulePath $folder @args })
        Assert-Equal 0 ([IO.Directory]::GetFileSystemEntries($folder)).Count 'what was written'
    }
}

It 'goes on with what cannot be told only when forced' {
    $unsure = Set-Script 'Connect-AzureAD @with' 'unsure.ps1'
    Use-ModulePath {
        param($folder)
        $refused = Assert-ErrorId 'CommandsUncertain,Enable-AzureADCompatibility' { Enable-AzureADCompatibility $unsure -ModulePath $folder @args }
        Assert-Match 'unsure\.ps1:1.*-Force' "$refused"
        Assert-Files 0 $folder
        Assert-Equal 'Written' (Enable-AzureADCompatibility $unsure -ModulePath $folder -Force @quiet).State
    }
}

It 'refuses without scripts that it can read' {
    $broken = Set-Script 'Get-AzureADUser <<x>>' 'broken.ps1'
    $empty = [IO.Directory]::CreateDirectory("$work/empty").FullName
    Use-ModulePath {
        param($folder)
        $null = Assert-ErrorId 'ScriptNotParsed,Enable-AzureADCompatibility' { Enable-AzureADCompatibility $reset, $broken -ModulePath $folder @args }
        $null = Assert-ErrorId 'ScriptNotFound,Enable-AzureADCompatibility' { Enable-AzureADCompatibility $empty -ModulePath $folder @args }
        $null = Assert-ErrorId 'ScriptNotFound,Enable-AzureADCompatibility' { Enable-AzureADCompatibility "$work/nowhere.ps1" -ModulePath $folder @args }
        Assert-Files 0 $folder
    }
}

It 'never touches or hides a real module' {
    Use-ModulePath {
        param($folder)
        $elsewhere = [IO.Directory]::CreateDirectory("$work/elsewhere").FullName
        foreach ($place in $folder, $elsewhere) {
            $env:PSModulePath = "$folder$separator$elsewhere$separator$env:PSModulePath"
            $real = Add-RealModule $place
            $text = [IO.File]::ReadAllText($real)
            $refused = Assert-ErrorId 'RealModuleFound,Enable-AzureADCompatibility' { Enable-AzureADCompatibility $reset -ModulePath $folder -Force @args }
            Assert-Match 'AzureADPreview.2\.0\.2\.149.AzureADPreview\.psd1' "$refused"
            Assert-Match 'uninstall' "$refused"
            Assert-Equal $null (Disable-AzureADCompatibility)
            Assert-Equal $null (Disable-AzureADCompatibility -ModulePath $place)
            Assert-Equal $text ([IO.File]::ReadAllText($real))
            Assert-Files 1 $folder, $elsewhere
            [IO.Directory]::Delete("$place/AzureADPreview", $true)
        }
        # the other name is free
        $null = Add-RealModule $folder 'AzureAD' '2.0.2.140'
        Assert-Equal 'Written' (Enable-AzureADCompatibility $reset -ModulePath $folder @quiet).State
        # a real one of the very version of the stand-in, in an unusual place
        $null = [IO.Directory]::CreateDirectory("$elsewhere/azureadpreview")
        [IO.File]::WriteAllText("$elsewhere/azureadpreview/AzureADPreview.psm1", '')
        $null = Assert-ErrorId 'RealModuleFound,Enable-AzureADCompatibility' { Enable-AzureADCompatibility $reset -ModulePath $folder @args }
    }
}

It 'changes nothing with -WhatIf, and nothing twice' {
    Use-ModulePath {
        param($folder)
        $enable = @{ Path = $reset; ModulePath = $folder }
        Assert-Equal $null (Enable-AzureADCompatibility @enable -WhatIf @quiet)
        Assert-Equal 0 ([IO.Directory]::GetFileSystemEntries($folder)).Count
        $first = Enable-AzureADCompatibility @enable @quiet
        $text = [IO.File]::ReadAllText($first.Path)
        Assert-Equal 'Unchanged' (Enable-AzureADCompatibility @enable @quiet).State
        [IO.File]::WriteAllText($first.Path, $text.Replace("'New-AzureADMSInvitation'", "'Gone'"))
        Assert-Equal 'Written' (Enable-AzureADCompatibility @enable @quiet).State
        Assert-Equal $text ([IO.File]::ReadAllText($first.Path))
        Assert-Equal $null (Disable-AzureADCompatibility -WhatIf)
        Assert-Equal $text ([IO.File]::ReadAllText($first.Path))
        # somebody else's file stays
        [IO.File]::WriteAllText("$folder/AzureADPreview/notes.txt", 'mine')
        Assert-Equal 'Removed' (Disable-AzureADCompatibility AzureADPreview -ModulePath $folder).State
        Assert-Equal 'notes.txt' "$(Get-Files $folder | Split-Path -Leaf)"
        Assert-Equal $null (Disable-AzureADCompatibility)
    }
}

It 'serves the name AzureAD where it is asked for' {
    $script = Set-Script "#Requires -Modules AzureAD`n`"runs with `$((Get-Module AzureAD).Version)`"" 'released.ps1'
    Use-ModulePath {
        param($folder)
        $null = Enable-AzureADCompatibility $script -ModulePath $folder -WarningVariable told @quiet
        Assert-Match 'module AzureAD too' "$told"
        Assert-NoMatch 'runs with' (Invoke-Child $script)
        $both = Enable-AzureADCompatibility $script -Name AzureAD, AzureADPreview -ModulePath $folder -WarningVariable told @quiet
        Assert-NoMatch 'too' "$told"
        Assert-Equal 'AzureAD Written, AzureADPreview Unchanged' (($both | ForEach-Object { "$($_.Name) $($_.State)" }) -join ', ')
        Assert-Match 'runs with 2\.0\.2\.182' (Invoke-Child $script)
        Assert-Equal 'AzureADPreview AzureAD' "$((Disable-AzureADCompatibility).Name)"
        Assert-Equal 0 ([IO.Directory]::GetFileSystemEntries($folder)).Count
    }
}

# The modules as an installation has them, without sources.
function Copy-Modules([string] $Destination) {
    foreach ($name in 'GuestRedemption', 'GuestRedemption.AzureADPreview') { Copy-Item "$modules/$name" "$Destination/$name" -Recurse }
}

function Enable-InChild([string] $Modules, [string] $Folder) {
    Invoke-Child (Set-Script "Import-Module '$($Modules -replace "'", "''")/GuestRedemption.AzureADPreview'`n(Enable-AzureADCompatibility '$reset' -ModulePath '$Folder' -WarningAction SilentlyContinue).Loads" 'enable.ps1')
}

It 'loads an installed module by its name, and any other by its path' {
    Use-ModulePath {
        param($folder)
        Copy-Modules $folder
        Assert-Equal 'GuestRedemption.AzureADPreview' (Enable-InChild $folder $folder).Trim()
        Assert-Match 'PendingAcceptance' (Invoke-Child $reset)
    }
    Use-ModulePath {
        param($folder)
        $aside = [IO.Directory]::CreateDirectory("$work/somebody's modules").FullName
        Copy-Modules $aside
        Assert-Match "somebody's modules.GuestRedemption.AzureADPreview.GuestRedemption.AzureADPreview\.psd1" (Enable-InChild $aside $folder)
        Assert-Match 'PendingAcceptance' (Invoke-Child $reset)
    }
}

It 'writes where the user keeps modules, and says when there is no such place' {
    if ($PSVersionTable.PSVersion.Major -lt 6 -or $IsWindows) { return 'skipped' }
    $script = Set-Script "Import-Module '$modules/GuestRedemption.AzureADPreview'`ntry { (Enable-AzureADCompatibility '$reset').Path } catch { `$_.FullyQualifiedErrorId }" 'default.ps1'
    $kept = $env:HOME, $env:XDG_DATA_HOME
    try {
        $env:HOME, $env:XDG_DATA_HOME = [IO.Directory]::CreateDirectory("$work/home").FullName, ''
        Use-ModulePath {
            param($folder)
            Assert-Match 'NoModulePath,Enable-AzureADCompatibility' (Invoke-Child $script)
            $env:PSModulePath = "$work/home/first$separator$env:PSModulePath"
            Assert-Match '/home/first/AzureADPreview/2' (Invoke-Child $script)
            $env:PSModulePath += "$separator$work/home/.local/share/powershell/Modules"
            $shown = Invoke-Child $script
            Assert-Match '/home/.local/share/powershell/Modules/AzureADPreview/2' $shown
            Assert-NoMatch 'does not look' $shown
        }
    }
    finally { $env:HOME, $env:XDG_DATA_HOME = $kept }
}

It 'says when PowerShell does not look there' {
    $aside = "$work/not on the path"
    $null = Enable-AzureADCompatibility $reset -ModulePath $aside -WarningVariable told @quiet
    Assert-Match 'does not look for modules where .*not on the path' "$told"
    Assert-Equal $null (Disable-AzureADCompatibility)
    Assert-Equal 'Removed' (Disable-AzureADCompatibility -ModulePath $aside).State
}

[IO.Directory]::Delete($work, $true)
exit $failures
