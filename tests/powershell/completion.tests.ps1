# What the commands offer while somebody types.
. "$PSScriptRoot/harness.ps1"
Import-Module "$modules/GuestRedemption"

function Get-Offer([string] $Line) { [Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches | Where-Object ResultType -EQ 'ParameterValue' }

function Get-Requested { (Get-SandboxState).requests | Where-Object path -Match '/users' }

$aliceName = 'alice_fabrikam.com#EXT#@contoso.onmicrosoft.com'
$dmitriName = "'d.o''brien_fabrikam.com#EXT#@contoso.onmicrosoft.com'"

It 'offers guests by the beginning of name, mail and user principal name' {
    foreach ($typed in 'ali', 'ALICE@fab', 'alice_fabrikam', "'Alice A", '"Alice A', "'Alice Alvarez'") {
        $offer = @(Get-Offer "Reset-GuestRedemption $typed")
        Assert-Equal $aliceName "$($offer.CompletionText)" $typed
        Assert-Equal 'Alice Alvarez' $offer[0].ListItemText
        Assert-Equal 'alice@fabrikam.com, Accepted' $offer[0].ToolTip
    }
    Assert-Equal 'PendingAcceptance' ((Get-Offer 'Reset-GuestRedemption carla').ToolTip -split ', ')[1]
    Assert-Equal 'sam.smith_fabrikam.com#EXT#@contoso.onmicrosoft.com sam.smith_northwind.com#EXT#@contoso.onmicrosoft.com' "$((Get-Offer 'Reset-GuestRedemption sam').CompletionText)"
}

It 'offers them to every command that takes a guest, by position, name and alias' {
    foreach ($line in 'Reset-GuestRedemption ali', 'Test-GuestRedemption -UserId ali', 'Get-GuestRedemption ali', 'Get-GuestRedemption -ObjectId ali', 'Reset-GuestRedemption -NewEmail x@y.example -UserId ali') {
        Assert-Equal $aliceName "$((Get-Offer $line).CompletionText)" $line
    }
}

It 'what is put in leads to the guest that was shown, quoted where it has to be' {
    foreach ($typed in 'nora', "'d.o''b", 'conny') {
        $offer = @(Get-Offer "Get-GuestRedemption $typed")
        Assert-Equal 1 $offer.Count $typed
        Assert-Equal $offer[0].ListItemText (& ([scriptblock]::Create("Get-GuestRedemption $($offer[0].CompletionText)"))).DisplayName
    }
    Assert-Equal $dmitriName (Get-Offer "Get-GuestRedemption 'd.o''b").CompletionText
    $odd = '$odd_x.com#EXT#@y.example', '#odd@y.example', '-odd@y.example', '@odd@y.example', "o‘d``d`$(1);{2},`"'x@y.example", 'a b&c|d@y.example', 'plain-o.n+e_@y.example'
    $users = $odd | ForEach-Object { @{ id = $alice; displayName = ''; userPrincipalName = $_; externalUserState = 'Accepted' } }
    Set-Fault GET /users @{ respond = @{ status = 200; body = ConvertTo-Json @{ value = @($users) } } }
    $offer = @(Get-Offer 'Get-GuestRedemption odd')
    Assert-Equal "$odd" "$($offer | ForEach-Object { & ([scriptblock]::Create("Write-Output $($_.CompletionText)")) })" 'as PowerShell reads it'
    Assert-Equal "$odd" "$($offer.ListItemText)" 'shown'
    Assert-Equal 'plain-o.n+e_@y.example' $offer[-1].CompletionText 'not quoted'
}

It 'offers guests only, and at most twenty' {
    Assert-Equal 20 @(Get-Offer 'Reset-GuestRedemption ').Count
    Assert-Equal 0 @(Get-Offer 'Reset-GuestRedemption ines').Count
    Assert-Equal 'Xenia Member' (Get-Offer 'Reset-GuestRedemption xenia').ListItemText
    Assert-Match 'top=20' "$((Get-Requested).path)"
}

It 'takes nothing that was typed for more than text' {
    foreach ($typed in "'x'') or startsWith(displayName,''a", 'a*', 'a?', '[a-z]*', '*', '`*', '%', "'&`$top=999", "'#", ('x' * 5000)) {
        Assert-Equal 0 @(Get-Offer "Reset-GuestRedemption $typed").Count $typed
    }
    Assert-True (@(Get-Requested).Count -ge 8) 'the service was asked'
}

It 'offers domains of guests, clouds and languages' {
    Assert-Equal 'fabrikam.com' "$((Get-Offer 'Get-GuestRedemption -Domain fab').CompletionText)"
    Assert-Equal 'fabrikam.com' "$((Get-Offer "Get-GuestRedemption -Domain '@FAB").CompletionText)"
    $all = @((Get-Offer 'Get-GuestRedemption -Domain ').CompletionText)
    Assert-True ($all -contains 'gmail.com' -and $all -contains 'northwind.com') "$all"
    Assert-Equal "$($all | Sort-Object -Unique)" "$all"
    Assert-True ((Get-Offer 'Connect-GuestRedemption -Environment US').CompletionText -contains 'USGov') 'clouds'
    Assert-True ((Get-Offer 'Reset-GuestRedemption x -MessageLanguage nl-N').CompletionText -contains 'nl-NL') 'languages'
    Assert-True ((Get-Offer 'Reset-GuestRedemption x -Address Oth').CompletionText -contains 'OtherMails') 'where an address goes'
}

It 'says nothing and asks nobody when not signed in' {
    if (-not $browserIsScript) { return 'skipped' }
    $opened = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
    Use-Environment @{} {
        # a browser that would be opened would tell
        Use-Program 'xdg-open', 'open' "touch '$opened'" {
            $before = $Error.Count
            Assert-Equal 0 @(Get-Offer 'Reset-GuestRedemption ali').Count
            Assert-Equal 0 @(Get-Offer 'Get-GuestRedemption -Domain fab').Count
            Assert-Equal $before $Error.Count 'errors'
        }
        Assert-True (-not [IO.File]::Exists($opened)) 'no browser'
    }
    Assert-Equal 0 @(Get-Requested).Count 'requests'
}

It 'uses the connection, also in a fresh prompt where nothing is loaded' {
    $token = Get-Token @{ kind = 'user' }
    Use-Environment @{} {
        $null = Connect-GuestRedemption -AccessToken $token
        Assert-Equal $aliceName (Get-Offer 'Reset-GuestRedemption ali').CompletionText
    }
    $script = "`$env:PSModulePath = '$modules' + [IO.Path]::PathSeparator + `$env:PSModulePath; (TabExpansion2 'Reset-GuestRedemption ali' 25).CompletionMatches.CompletionText; (Get-Module GuestRedemption).Name"
    Assert-Equal "$aliceName GuestRedemption" "$(& pwsh -NoProfile -Command $script)"
}

It 'gives up silently when the service refuses, fails, or is slow' {
    $before = $Error.Count
    Set-Fault GET /users @{ respond = @{ status = 403; body = '{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}' } }
    Assert-Equal 0 @(Get-Offer 'Reset-GuestRedemption ali').Count
    Set-Fault GET /users @{ respond = @{ status = 200; body = 'no JSON' } } -Times 9
    Assert-Equal 0 @(Get-Offer 'Reset-GuestRedemption ali').Count
    Restore-Sandbox
    # far longer than it waits: an answer would be offered
    Set-Fault GET /users @{ delay_ms = 20000 } -Times 9
    Assert-Equal 0 @(Get-Offer 'Reset-GuestRedemption ali').Count
    Restore-Sandbox
    Use-Environment @{ GUEST_REDEMPTION_LIBRARY = '/nowhere/lib.so' } {
        $script = "Import-Module '$modules/GuestRedemption'; @((TabExpansion2 'Reset-GuestRedemption ali' 25).CompletionMatches).Count; `$Error.Count"
        Assert-Equal '0 0' "$(& pwsh -NoProfile -Command $script)"
    }
    Assert-Equal $before $Error.Count 'errors'
}

exit $failures
